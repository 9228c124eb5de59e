import { catalogue } from '../../words/catalogue.ts';

export const words = catalogue(
  {
    title: 'Settings',
    about:
      'How the service is configured. Read only: it stands in the configuration file, so that it can be reviewed and kept with your code. Change it there and start the service again. Matching, routing, opening hours and texts are part of the mapping.',
    reference: 'What each setting means: docs/reference/settings.md',
    users: 'Users',
    usersAbout:
      'Added, reset and disabled on the command line: passerelle users. Those of the configuration stand under console.admins.',
    email: 'E-mail address',
    role: 'Role',
    from: 'From',
    state: 'State',
    inUse: 'In use',
    disabled: 'Disabled',
    sessions: 'Signed in',
    browsers: { one: 'in {n} browser', other: 'in {n} browsers' },
    lastSignedIn: 'Last signed in',
    never: 'never',
  },
  {
    title: 'Paramètres',
    about:
      'Comment le service est configuré. Lecture seule : cela se trouve dans le fichier de configuration, pour être relu et conservé avec votre code. Modifiez-le là et redémarrez le service. Correspondance, routage, horaires et textes font partie du mapping.',
    reference: 'Signification de chaque réglage : docs/reference/settings.md',
    users: 'Utilisateurs',
    usersAbout:
      'Ajoutés, réinitialisés et désactivés en ligne de commande : passerelle users. Ceux de la configuration sont sous console.admins.',
    email: 'Adresse e-mail',
    role: 'Rôle',
    from: 'Origine',
    state: 'État',
    inUse: 'Actif',
    disabled: 'Désactivé',
    sessions: 'Connecté',
    browsers: { one: 'dans {n} navigateur', other: 'dans {n} navigateurs' },
    lastSignedIn: 'Dernière connexion',
    never: 'jamais',
  },
);

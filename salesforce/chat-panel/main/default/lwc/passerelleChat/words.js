const english = {
  title: 'Chat',
  reload: 'Reload',
  loading: 'Loading…',
  empty: 'Nothing was said in chats yet.',
  noContact: 'This case has no contact, so it has no chat.',
  failed: 'The chat cannot be shown',
  conversations: 'Conversations',
  more: 'Show earlier messages',
  ticket: 'Open the ticket',
  customer: 'Customer',
  company: 'Company',
  open: (time, left) => `An answer reaches the customer until ${time} (${left} left)`,
  closing: (time, left) => `The time to answer ends at ${time}: ${left} left`,
  closed: (time) => `The time to answer ended at ${time}: the customer must write again`,
  none: 'No limit of time to answer',
  unknown: 'The customer has not written lately',
  left: (hours, minutes) => (hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`),
};

const french = {
  title: 'Conversation',
  reload: 'Recharger',
  loading: 'Chargement…',
  empty: 'Rien n’a encore été dit dans une messagerie.',
  noContact: 'Cette requête n’a pas de contact, donc pas de conversation.',
  failed: 'La conversation ne peut pas être affichée',
  conversations: 'Conversations',
  more: 'Afficher les messages précédents',
  ticket: 'Ouvrir le ticket',
  customer: 'Client',
  company: 'Entreprise',
  open: (time, left) => `Une réponse parvient au client jusqu’à ${time} (encore ${left})`,
  closing: (time, left) => `Le délai de réponse expire à ${time} : encore ${left}`,
  closed: (time) => `Le délai de réponse a expiré à ${time} : le client doit écrire à nouveau`,
  none: 'Pas de délai de réponse',
  unknown: 'Le client n’a pas écrit récemment',
  left: (hours, minutes) => (hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`),
};

/** The words in the language of the user, a BCP 47 tag; English where there are none. */
export const wordsIn = (language) => ((language ?? '').toLowerCase().startsWith('fr') ? french : english);

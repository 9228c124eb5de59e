import type { Area } from '../../shell/area.ts';

export const accounts: Area = {
  path: '/accounts',
  title: { en: 'Accounts', fr: 'Comptes' },
  icon: 'accounts',
  may: 'accounts.read',
  pages: { '/': () => import('./list.tsx'), '/$type/$id': () => import('./account.tsx') },
};

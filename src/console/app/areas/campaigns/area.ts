import type { Area } from '../../shell/area.ts';

export const campaigns: Area = {
  path: '/campaigns',
  title: { en: 'Campaigns', fr: 'Campagnes' },
  icon: 'campaigns',
  may: 'notices.read',
  pages: {
    '/': () => import('./list.tsx'),
    '/new': () => import('./new.tsx'),
    '/$id': () => import('./campaign.tsx'),
    '/$id/edit': () => import('./edit.tsx'),
  },
};

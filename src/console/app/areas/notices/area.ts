import type { Area } from '../../shell/area.ts';

export const notices: Area = {
  path: '/notices',
  title: { en: 'Notices', fr: 'Notifications' },
  icon: 'notices',
  may: 'notices.read',
  pages: {
    '/': () => import('./list.tsx'),
    '/texts': () => import('./texts.tsx'),
    '/orders': () => import('./orders.tsx'),
    '/orders/$id': () => import('./order.tsx'),
    '/$id': () => import('./notice.tsx'),
  },
};

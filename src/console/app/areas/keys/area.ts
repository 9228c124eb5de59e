import type { Area } from '../../shell/area.ts';

export const keys: Area = {
  path: '/keys',
  title: { en: 'API keys and webhooks', fr: 'Clés d’API et webhooks' },
  icon: 'keys',
  may: 'keys.read',
  pages: { '/': () => import('./page.tsx') },
};

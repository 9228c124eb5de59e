import type { Area } from '../../shell/area.ts';

export const settings: Area = {
  path: '/settings',
  title: { en: 'Settings', fr: 'Paramètres' },
  icon: 'settings',
  may: 'settings.read',
  pages: { '/': () => import('./page.tsx') },
};

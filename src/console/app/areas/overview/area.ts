import type { Area } from '../../shell/area.ts';

export const overview: Area = {
  path: '/overview',
  title: { en: 'Overview', fr: 'Aperçu' },
  icon: 'overview',
  may: 'overview.read',
  pages: { '/': () => import('./page.tsx') },
};

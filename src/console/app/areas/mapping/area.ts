import type { Area } from '../../shell/area.ts';

export const mapping: Area = {
  path: '/mapping',
  title: { en: 'Mapping', fr: 'Mapping' },
  icon: 'mapping',
  may: 'mapping.read',
  pages: { '/': () => import('./page.tsx') },
};

import type { Area } from '../../shell/area.ts';

export const audit: Area = {
  path: '/audit',
  title: { en: 'Audit', fr: 'Journal d’audit' },
  icon: 'audit',
  may: 'audit.read',
  pages: { '/': () => import('./page.tsx') },
};

import type { Area } from '../../shell/area.ts';

export const people: Area = {
  path: '/people',
  title: { en: 'People', fr: 'Personnes' },
  icon: 'people',
  may: 'people.read',
  pages: {
    '/': () => import('./list.tsx'),
    '/erasures/$code': () => import('./erasure.tsx'),
    '/$id': () => import('./person.tsx'),
  },
};

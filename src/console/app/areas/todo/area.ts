import type { Area } from '../../shell/area.ts';
import { useTodoCounts } from './counts.ts';

export const todo: Area = {
  path: '/todo',
  title: { en: 'To do', fr: 'À faire' },
  icon: 'todo',
  may: 'todo.read',
  pages: { '/': () => import('./page.tsx') },
  useBadge: () => {
    const { data } = useTodoCounts();
    return data ? data.parked + data.questions + data.targets : 0;
  },
};

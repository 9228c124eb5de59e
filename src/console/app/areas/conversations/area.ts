import type { Area } from '../../shell/area.ts';

export const conversations: Area = {
  path: '/conversations',
  title: { en: 'Conversations', fr: 'Conversations' },
  icon: 'conversations',
  may: 'conversations.read',
  pages: { '/': () => import('./list.tsx'), '/$id': () => import('./thread.tsx') },
};

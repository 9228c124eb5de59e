import { useQuery } from '@tanstack/react-query';
import type { TodoCounts } from '../../../wire/todo.ts';
import { ask } from '../../api/client.ts';

/** How much waits for a person, kept current. */
export const useTodoCounts = () =>
  useQuery({
    queryKey: ['/todo'],
    queryFn: ({ signal }) => ask<TodoCounts>('/todo', {}, signal),
    meta: { tables: ['deliveries', 'events', 'questions', 'target_states'] },
  });

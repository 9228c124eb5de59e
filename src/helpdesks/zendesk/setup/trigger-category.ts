import { z } from 'zod';
import { done, type Outcome } from '../../../domain/outcome.ts';
import type { ZendeskApi } from '../api.ts';
import { attempt } from '../outcome.ts';

const categories = z.object({ trigger_categories: z.array(z.object({ id: z.coerce.string() })).catch([]) });

/** An account that sorts its triggers into categories wants one for each: the first will do. */
export function triggerCategory(api: ZendeskApi): Promise<Outcome<Record<string, unknown>>> {
  return attempt(
    'repeatable',
    async (): Promise<Record<string, unknown>> => {
      const [first] = (await api.get(categories, ['trigger_categories'])).trigger_categories;
      return first ? { category_id: first.id } : {};
    },
    async ({ status }) => (status === 404 ? done({}) : undefined),
  );
}

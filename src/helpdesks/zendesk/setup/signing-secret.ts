import { z } from 'zod';
import type { Outcome } from '../../../domain/outcome.ts';
import type { ZendeskApi } from '../api.ts';
import { attempt } from '../outcome.ts';

const secretBody = z.object({ signing_secret: z.object({ secret: z.string().min(1) }) });

/** What a webhook signs with; Zendesk makes it up (Zendesk developer docs, "Verifying webhook authenticity"). */
export const signingSecret = (api: ZendeskApi, webhook: string): Promise<Outcome<string>> =>
  attempt(
    'repeatable',
    async () => (await api.get(secretBody, ['webhooks', webhook, 'signing_secret'])).signing_secret.secret,
  );

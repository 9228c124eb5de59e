import { z } from 'zod';
import { days, kept, keptFor } from './kept-for.ts';

/** How customers are forgotten at other places (docs/guides/privacy.md). */
export const privacySettings = z
  .strictObject({
    helpdesk: z.enum(['delete', 'redact']).default('delete'),
    records: z.enum(['ours', 'all']).default('ours'),
  })
  .prefault({});

/** How long each kind of data is kept; 0 is for ever. `webhooks`, `events` and `media` win over what `ledger` and `media` say. */
export const retentionSettings = z
  .strictObject({
    messages: kept(1, 0),
    media: keptFor(1).optional(),
    webhooks: keptFor(1).optional(),
    events: keptFor(7).optional(),
    orders: kept(1, 0),
    notices: kept(1, 0),
    links: kept(1, days(365)),
    consentProof: kept(30, days(3 * 365)),
    receipts: kept(30, days(3 * 365)),
  })
  .prefault({});

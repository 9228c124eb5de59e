import { z } from 'zod';
import { days, kept, keptFor } from './kept-for.ts';

/** How customers are forgotten at other places (docs/guides/privacy.md). */
export const privacySettings = z
  .strictObject({
    helpdesk: z
      .enum(['delete', 'redact'])
      .default('delete')
      .describe(
        'What becomes of the tickets and the user of a customer who is forgotten. `delete`: they go for good. `redact`: every word, file and name of theirs goes, and the tickets stay to be counted.',
      ),
    records: z
      .enum(['ours', 'all'])
      .default('ours')
      .describe(
        'Whether users of the helpdesk and contacts of the CRM go that were there before: `ours` leaves them and takes only our key off, `all` deletes them as well.',
      ),
  })
  .prefault({});

/** How long each kind of data is kept; 0 is for ever. `webhooks`, `events` and `media` win over what `ledger` and `media` say. */
export const retentionSettings = z
  .strictObject({
    messages: kept(1, 0).describe(
      'How long what was said on a ticket is kept after the last word on it, such as 730d. What still has to arrive somewhere stays. 0: for ever.',
    ),
    media: keptFor(1).optional().describe('How long copies of files are kept; without it as `media.keepFor` says.'),
    webhooks: keptFor(1)
      .optional()
      .describe('How long the raw bodies of webhooks are kept; without it as `ledger.keepWebhooksFor` says.'),
    events: keptFor(7)
      .optional()
      .describe('How long events that were acted upon are kept; without it as `ledger.keepEventsFor` says.'),
    orders: kept(1, 0).describe(
      'How long an order is kept after the last that was told of it, with its events, files and notices. 0: for ever.',
    ),
    notices: kept(1, 0).describe('How long notices are kept after they ended. 0: for ever.'),
    links: kept(1, days(365)).describe('How long signed links are kept after their time was over. 0: for ever.'),
    consentProof: kept(30, days(3 * 365)).describe(
      'How long the proof of what somebody agreed to outlives them, under a hash, once they were forgotten. 0: for ever.',
    ),
    receipts: kept(30, days(3 * 365)).describe(
      'How long the receipts of erasures are kept, and the hashes by which what a platform tells once more is dropped. 0: for ever.',
    ),
  })
  .prefault({});

import { z } from 'zod';

const id = z.string().min(1).max(200).describe('as the list tells it, such as `1234:helpdesk:acme-zendesk`');
const target = z.string().min(1).max(200).describe('a target, such as `crm:acme-salesforce`');
const moment = z.iso.datetime({ offset: true }).describe('a time, such as `2026-01-31T09:00:00Z`');
const instant = moment.transform((text) => new Date(text));
const number = z.int().min(1);

export const parkedParams = z.object({ id });

export const listQuery = z.strictObject({
  target: target.optional(),
  account: z.string().min(1).max(64).optional().describe('the id of a channel account'),
  since: instant.optional().describe('parked at or after this time'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('how many at most'),
  cursor: z.string().max(500).optional().describe('`next` of the last answer'),
});

const parked = z.object({
  id,
  what: z.enum(['message', 'event']).describe('a message a target refused, or an event that could not be applied'),
  target: z.string().optional(),
  account: z.string(),
  platformUser: z.string().describe('the customer as the platform names them'),
  conversation: z.int().optional(),
  message: z.int().optional(),
  kind: z.string().describe('of a message `said` or `note`; of an event its type'),
  author: z.enum(['customer', 'agent', 'inbox', 'service', 'shop']).optional(),
  ticket: z.string().optional().describe('the helpdesk’s number of the ticket'),
  reason: z.string(),
  attempts: z.int(),
  replays: z.int().describe('how often it was done again'),
  at: moment.describe('when it was said, by the platform’s time'),
  parkedAt: moment,
});

export const listAnswer = z.object({
  items: z.array(parked),
  next: z.string().optional().describe('the cursor for more; absent at the end'),
});

export const parkedDetail = parked.extend({
  bubbles: z
    .array(
      z.object({
        position: z.int(),
        what: z.enum(['text', 'file', 'template']),
        state: z.string(),
        reason: z.string().optional(),
        startedAt: moment.optional(),
        sentAt: moment.optional(),
      }),
    )
    .describe('of a reply: its bubbles'),
  advice: z.string().describe('what to do'),
  text: z.string().optional().describe('what was written; only for keys with `text:read`'),
});

const resendUnsure = z
  .boolean()
  .default(false)
  .describe('send a bubble anew even if the platform cannot tell whether it arrived');
const dryRun = z.boolean().default(false).describe('tell what would be done, do nothing');
const how = { resendUnsure, dryRun };

export const replayOneBody = z.strictObject(how).prefault({});

export const discardBody = z.strictObject({
  why: z.string().trim().min(1).max(500).describe('kept beside it, and told to the agent'),
});

const also = { target: target.optional(), ...how };
export const replayBody = z.union([
  z.strictObject({ message: number.describe('one message'), ...also }),
  z.strictObject({ conversation: number.describe('one conversation'), ...also }),
  z.strictObject({
    account: z.string().min(1).max(64).describe('the channel account'),
    platformUser: z.string().min(1).max(200).describe('the customer as the platform names them'),
    ...also,
  }),
  z.strictObject({
    since: instant.describe('what was taken in since'),
    until: instant.optional().describe('and before this; without it until now'),
    ...also,
  }),
]);

export const replayAnswer = z.object({
  dryRun: z.boolean(),
  replayed: z.int().describe('parked deliveries that wait again'),
  ids: z.array(id).describe('the first hundred of them'),
  events: z.int().describe('parked events that are applied again'),
  unsure: z.int().describe('bubbles of unknown fate: looked up before anything is sent'),
  waiting: z.int().describe('what waited already; its jobs were woken'),
  settled: z.int().optional().describe('done or skipped already, and left alone'),
});

const yes = { dryRun };
export const redactBody = z.union([
  z.strictObject({ message: number.describe('one message'), ...yes }),
  z.strictObject({ conversation: number.describe('all that was said in one conversation until now'), ...yes }),
]);

export const redactAnswer = z.object({
  dryRun: z.boolean(),
  asked: z.int().describe('messages asked for'),
  already: z.int().describe('of these, how many had been removed before'),
  messages: z.int().describe('emptied here: the messages, files that followed them, notes that quote them'),
  files: z.int().describe('files and links that are deleted'),
  webhooks: z.int().describe('raw bodies emptied beside those that told the messages: of repeats, of answers to them'),
});

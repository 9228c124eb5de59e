import { z } from 'zod';

const word = (help: string) => z.string().trim().min(1).max(320).describe(help);

export const findBody = z.union([
  z.strictObject({ account: word('a channel account'), platformUser: word('as its platform names them') }),
  z.strictObject({ email: word('their e-mail') }),
  z.strictObject({ phone: word('their phone, with its country’s code: +47…') }),
  z.strictObject({ shopCustomer: word('their id at the shop') }),
]);

export const findAnswer = z.object({ customers: z.array(z.int()).describe('the numbers of all whom it may mean') });

export const exportAnswer = z.object({
  customer: z.int(),
  exportedAt: z.string(),
  users: z.array(z.object({ account: z.string(), name: z.string() })).describe('what platforms call them'),
  ledger: z.record(z.string(), z.array(z.unknown())).describe('rows by table'),
  files: z
    .array(
      z.object({
        file: z.string().describe('a name of its own'),
        message: z.int(),
        name: z.string(),
        contentType: z.string(),
        bytes: z.int(),
      }),
    )
    .describe('files they sent of which copies are kept'),
  elsewhere: z
    .array(
      z.object({
        place: z.string().describe('a target, such as helpdesk:acme-zendesk'),
        what: z.enum(['ticket', 'user', 'contact', 'history']),
        id: z.string().describe('as it is called there'),
      }),
    )
    .describe('their records at helpdesks and CRMs'),
});

export const erasedAnswer = z.object({ code: z.string().describe('finds the receipt') });

export const receiptAnswer = z.object({
  code: z.string(),
  customer: z.int().optional().describe('the number they had'),
  askedBy: z.string(),
  askedAt: z.string().describe('when it was asked for'),
  state: z.enum(['waiting', 'working', 'done', 'incomplete']).describe('incomplete: some place refused'),
  endedAt: z.string().optional(),
  steps: z.array(
    z.object({
      place: z.string().describe('ledger, vault, or a target such as helpdesk:acme-zendesk'),
      what: z.string(),
      state: z.enum(['waiting', 'done', 'refused']),
      count: z.int().describe('how many things were removed'),
      reason: z.string().optional().describe('why it is late or refused, or what is left and why'),
      endedAt: z.string().optional(),
    }),
  ),
});

export const retryAnswer = z.object({ retried: z.int().describe('steps that are tried once more') });

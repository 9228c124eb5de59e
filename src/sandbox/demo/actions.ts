import { z } from 'zod';
import type { CustomerPart, SandboxFile } from '../contract.ts';
import { applySwitches, noSwitches, platforms, type Switches } from './switches.ts';
import type { World } from './world.ts';

/** What the page can ask for: a name, the shape of what comes with it, and what then happens. */
export interface Action {
  run(body: unknown, stage: { world: World; switches: Switches }): Promise<unknown>;
}

/** Refused with what is wrong, for the page to show. */
export class BadAction extends Error {}

function action<Body>(schema: z.ZodType<Body>, act: (body: Body, world: World, switches: Switches) => unknown): Action {
  return {
    run: async (body, { world, switches }) => {
      const read = schema.safeParse(body);
      if (!read.success) throw new BadAction(z.prettifyError(read.error));
      return await act(read.data, world, switches);
    },
  };
}

const psid = z.string().min(1);
const file = z
  .object({ name: z.string().min(1), contentType: z.string(), base64: z.base64() })
  .transform(({ name, contentType, base64 }): SandboxFile => {
    return { name, contentType: contentType || 'application/octet-stream', bytes: Buffer.from(base64, 'base64') };
  });

const part: z.ZodType<CustomerPart> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().min(1), quickReply: z.string().exactOptional() }),
  z.object({
    type: z.enum(['image', 'video', 'audio', 'file']),
    files: z.array(file).min(1),
    text: z.string().exactOptional(),
  }),
  z.object({ type: z.literal('sticker'), stickerId: z.string() }),
  z.object({ type: z.literal('location'), latitude: z.number(), longitude: z.number(), title: z.string() }),
  z.object({ type: z.literal('link'), url: z.url(), title: z.string() }),
  z.object({ type: z.literal('postback'), title: z.string(), payload: z.string() }),
]);

const fault = z.object({
  kind: z.enum([
    '429',
    '500',
    '503',
    '500-after',
    'slow',
    'timeout-before',
    'timeout-after',
    'reset-before',
    'reset-after',
    'expired-token',
  ]),
  times: z.number().int().min(1).max(100),
  method: z.string().exactOptional(),
  path: z.string().exactOptional(),
  delayMs: z.number().int().min(0).max(60_000).exactOptional(),
  retryAfter: z.number().int().min(0).max(600).exactOptional(),
});

const comment = z.object({
  ticket: z.number(),
  html: z.string().min(1),
  public: z.boolean(),
  files: z.array(file).default([]),
  status: z.enum(['open', 'pending', 'hold', 'solved']).exactOptional(),
});

const switchesSchema = z.object({
  messengerCopies: z.number().int().min(1).max(5),
  holdAndReverse: z.boolean(),
  messengerToken: z.boolean(),
  zendeskCopies: z.number().int().min(1).max(5),
  loseCallbacks: z.boolean(),
  zendeskToken: z.boolean(),
  salesforceLogin: z.boolean(),
});

const customerActions = {
  'customer-sends': action(z.object({ psid, part, replyTo: z.string().exactOptional() }), (body, { messenger }) =>
    messenger.customerSends(body.psid, body.part, body.replyTo === undefined ? {} : { replyTo: body.replyTo }),
  ),
  'customer-reacts': action(z.object({ psid, mid: z.string(), emoji: z.string() }), (body, { messenger }) =>
    messenger.customerReacts(body.psid, body.mid, body.emoji),
  ),
  'customer-reads': action(z.object({ psid }), (body, { messenger }) => messenger.customerReads(body.psid)),
  'customer-blocks': action(z.object({ psid, blocked: z.boolean() }), (body, { messenger }) =>
    messenger.block(body.psid, body.blocked),
  ),
  'days-pass': action(z.object({ psid, days: z.number().positive().max(60) }), (body, { messenger }) =>
    messenger.ageLastContact(body.psid, body.days * 86_400_000),
  ),
  'inbox-replies': action(z.object({ psid, text: z.string().min(1) }), (body, { messenger }) =>
    messenger.inboxReplies(body.psid, body.text),
  ),
  'customer-arrives': action(z.object({ name: z.string().trim().min(1).max(80) }), ({ name }, { messenger }) => {
    const customer = { psid: String(7_302_000_000_000_000 + (Date.now() % 1_000_000_000_000)), name };
    messenger.addCustomer(customer);
    return customer;
  }),
};

const agentActions = {
  'agent-comments': action(comment, ({ ticket, ...rest }, { zendesk }) => zendesk.agentComments(ticket, rest)),
  'agent-sets-status': action(
    z.object({ ticket: z.number(), status: z.enum(['open', 'pending', 'hold', 'solved', 'closed', 'deleted']) }),
    (body, { zendesk }) => zendesk.setStatus(body.ticket, body.status),
  ),
};

const faultActions = {
  inject: action(fault.extend({ platform: z.enum(platforms) }), ({ platform, ...rest }, world) =>
    world[platform].inject(rest),
  ),
  'clear-faults': action(z.object({}), async (_, world, switches) => {
    for (const platform of platforms) world[platform].clearFaults();
    await changeSwitches(world, switches, noSwitches);
  }),
  switch: action(switchesSchema.partial(), (body, world, switches) =>
    changeSwitches(world, switches, { ...switches, ...defined(body) }),
  ),
};

async function changeSwitches(world: World, switches: Switches, to: Switches): Promise<void> {
  const from = { ...switches };
  Object.assign(switches, to);
  await applySwitches(world, from, to);
}

const defined = (body: object): Partial<Switches> =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));

export const actions: Readonly<Record<string, Action>> = { ...customerActions, ...agentActions, ...faultActions };

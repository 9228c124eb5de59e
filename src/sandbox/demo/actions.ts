import { z } from 'zod';
import type { CustomerPart, SandboxFile } from '../contract.ts';
import { BadAction } from './bad-action.ts';
import { channelOf, type PlayedChannel } from './channels.ts';
import type { Shop } from './shop.ts';
import { toldTypes } from './shop-order.ts';
import { applySwitches, noChannelSwitches, noSwitches, type Switches } from './switches.ts';
import { simulatorsOf, type World } from './world.ts';

/** What an action works on. */
interface ActionStage {
  world: World;
  switches: Switches;
  shop: Shop;
}

/** What the page can ask for: a name, the shape of what comes with it, and what then happens. */
export interface Action {
  run(body: unknown, stage: ActionStage): Promise<unknown>;
}

function action<Body>(
  schema: z.ZodType<Body>,
  act: (body: Body, world: World, switches: Switches, shop: Shop) => unknown,
): Action {
  return {
    run: async (body, { world, switches, shop }) => {
      const read = schema.safeParse(body);
      if (!read.success) throw new BadAction(z.prettifyError(read.error));
      return await act(read.data, world, switches, shop);
    },
  };
}

/** A customer: on which channel, and how its platform names them. */
const who = z.object({ channel: z.string(), user: z.string().min(1) });
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
  zendeskCopies: z.number().int().min(1).max(5),
  loseCallbacks: z.boolean(),
  zendeskToken: z.boolean(),
  salesforceLogin: z.boolean(),
});

const channelSwitchesSchema = z.object({
  copies: z.number().int().min(1).max(5),
  holdAndReverse: z.boolean(),
  token: z.boolean(),
});

/** Something a customer does. What their platform does not know is refused. */
function customerAction<Body extends { channel: string; user: string }>(
  schema: z.ZodType<Body>,
  act: (simulator: PlayedChannel['simulator'], body: Body) => unknown,
): Action {
  return action(schema, (body, { channels }) => {
    const { simulator } = channelOf(channels, body.channel);
    return act(simulator, body);
  });
}

function able<Act>(act: Act | undefined): Act {
  if (!act) throw new BadAction('Nobody can do that on this channel.');
  return act;
}

const customerActions = {
  'customer-sends': customerAction(who.extend({ part, replyTo: z.string().exactOptional() }), (simulator, body) =>
    simulator.customerSends(body.user, body.part, body.replyTo === undefined ? {} : { replyTo: body.replyTo }),
  ),
  'customer-reacts': customerAction(who.extend({ mid: z.string(), emoji: z.string() }), (simulator, body) =>
    able(simulator.customerReacts)(body.user, body.mid, body.emoji),
  ),
  'customer-unsends': customerAction(who.extend({ mid: z.string() }), (simulator, body) =>
    able(simulator.customerUnsends)(body.user, body.mid),
  ),
  'customer-reads': customerAction(who, (simulator, { user }) => able(simulator.customerReads)(user)),
  'customer-blocks': customerAction(who.extend({ blocked: z.boolean() }), (simulator, body) =>
    able(simulator.block)(body.user, body.blocked),
  ),
  'days-pass': customerAction(who.extend({ days: z.number().positive().max(60) }), (simulator, body) =>
    simulator.ageLastContact(body.user, body.days * 86_400_000),
  ),
  'inbox-replies': customerAction(who.extend({ text: z.string().min(1) }), (simulator, body) =>
    able(simulator.inboxReplies)(body.user, body.text),
  ),
  'customer-arrives': action(
    z.object({ channel: z.string(), name: z.string().trim().min(1).max(80) }),
    ({ channel, name }, { channels }) => {
      const { sandbox, simulator } = channelOf(channels, channel);
      const customer = { user: newUser(sandbox.user, simulator.threads().length), name };
      simulator.addCustomer(customer);
      return customer;
    },
  ),
};

/** Numbers for new customers go on from the time, so that a kept database never saw them; some have only four digits. */
const newUser = (user: (n: number) => string, already: number): string =>
  user(1_000 + ((Math.floor(Date.now() / 1_000) + already) % 9_000));

const agentActions = {
  'agent-comments': action(comment, ({ ticket, ...rest }, { zendesk }) => zendesk.agentComments(ticket, rest)),
  'agent-sets-status': action(
    z.object({ ticket: z.number(), status: z.enum(['open', 'pending', 'hold', 'solved', 'closed', 'deleted']) }),
    (body, { zendesk }) => zendesk.setStatus(body.ticket, body.status),
  ),
};

const faultActions = {
  inject: action(fault.extend({ platform: z.string() }), ({ platform, ...rest }, world) => {
    const simulator = simulatorsOf(world)[platform];
    if (!simulator) throw new BadAction(`There is no platform ${platform}.`);
    simulator.inject(rest);
  }),
  'clear-faults': action(z.object({}), async (_, world, switches) => {
    for (const simulator of Object.values(simulatorsOf(world))) simulator.clearFaults();
    await changeSwitches(world, switches, noSwitches);
  }),
  switch: action(switchesSchema.partial(), (body, world, switches) =>
    changeSwitches(world, switches, { ...switches, ...defined(body) }),
  ),
  'switch-channel': action(
    channelSwitchesSchema.partial().extend({ channel: z.string() }),
    ({ channel, ...body }, world, switches) => {
      const changed = { ...(switches.channels[channel] ?? noChannelSwitches), ...defined(body) };
      return changeSwitches(world, switches, { ...switches, channels: { ...switches.channels, [channel]: changed } });
    },
  ),
};

const shopActions = {
  'shop-checks-out': action(who.extend({ agrees: z.boolean() }), (body, _world, _switches, shop) =>
    shop.checkOut(body),
  ),
  'shop-tells': action(
    z.object({ number: z.string().min(1), type: z.enum(toldTypes) }),
    ({ number, type }, _world, _switches, shop) => shop.tell(number, type),
  ),
  'shop-previews': action(
    z.object({ number: z.string().min(1), type: z.enum(toldTypes), language: z.enum(['en', 'fr']) }),
    ({ number, type, language }, _world, _switches, shop) => shop.preview(number, type, language),
  ),
};

async function changeSwitches(world: World, switches: Switches, to: Switches): Promise<void> {
  const from = { ...switches };
  Object.assign(switches, to);
  await applySwitches(world, from, to);
}

const defined = <Values extends object>(body: Values): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as never;

export const actions: Readonly<Record<string, Action>> = {
  ...customerActions,
  ...agentActions,
  ...faultActions,
  ...shopActions,
};

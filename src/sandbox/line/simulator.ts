import { startChannelSimulator } from '../channel-simulator.ts';
import type { ChannelSimulator, Thread } from '../contract.ts';
import { block, customerSends, customerUnsends, groupEvent, watchesVideo } from './customer-acts.ts';
import { faultAnswer, writeLineError } from './line-error.ts';
import { serveMessagingApi } from './messaging-api.ts';
import {
  type Content,
  type Customer,
  customerOf,
  freshState,
  type Json,
  type LineOptions,
  type State,
  type World,
} from './state.ts';
import { makeWebhookSender } from './webhooks.ts';

/** What LINE's simulator can beside what every channel's can. */
export interface LineSimulator extends ChannelSimulator {
  block(user: string, blocked: boolean): Promise<void>;
  /** Somebody takes the account into a group (an id that begins with C) or room (R). */
  joinsGroup(chat: string): Promise<void>;
  /** Somebody says something there. */
  saysInGroup(chat: string, text: string): Promise<void>;
  /** The groups and rooms the account is in, with what it said there. */
  groups(): ReadonlyMap<string, readonly string[]>;
  watchesVideo(user: string, mid: string): Promise<void>;
  /** What the plan allows this month, and what of it is used. */
  setQuota(quota: State['quota']): void;
  /** How far LINE is with preparing a file; otherwise videos and sounds take a moment. */
  prepares(messageId: string, state: Content['state']): void;
  /** Where webhooks go, and whether they do: as set in the Console. */
  endpoint(): Readonly<State['endpoint']>;
  useWebhook(active: boolean): void;
}

/** One LINE Official Account with its friends' phones: a strict Messaging API in front, signed webhooks behind. In memory. */
export async function startLineSimulator(options: LineOptions): Promise<LineSimulator> {
  const world: World = {
    options,
    state: freshState(),
    url: '',
    changed: () => undefined,
    tell: (events) => sender.send(events),
  };
  const sender = makeWebhookSender(options, () => (world.state.endpoint.active ? world.state.endpoint.url : undefined));
  const setUrl = (url: string | undefined) => {
    world.state.endpoint = { active: true, ...(url === undefined ? {} : { url }) };
  };
  setUrl(options.webhookUrl);
  return startChannelSimulator({
    port: options.port,
    answer: faultAnswer,
    serve: (app) => serveMessagingApi(app, world),
    writeError: writeLineError,
    forget: () => {
      const { url } = world.state.endpoint;
      world.state = freshState();
      setUrl(url);
    },
    acts: { ...actsOf(world), setWebhookUrl: setUrl },
    sender,
    started: (server) => Object.assign(world, { url: server.url, changed: server.changed }),
  });
}

/** What people do: the customers on their phones, whoever runs the sandbox. */
function actsOf(world: World) {
  const changing = (change: (state: State) => void) => {
    change(world.state);
    world.changed();
  };
  return {
    addCustomer: ({ user, name, locale = 'en' }: { user: string; name: string; locale?: string }) =>
      changing(({ customers }) => void customers.set(user, newCustomer(user, name, locale))),
    threads: () => [...world.state.customers.values()].map((customer) => threadOf(world, customer)),
    customerSends: customerSends.bind(null, world),
    customerUnsends: customerUnsends.bind(null, world),
    fileOf: (messageId: string) => world.state.contents.get(messageId)?.file,
    block: block.bind(null, world),
    watchesVideo: watchesVideo.bind(null, world),
    ...groupActs(world),
    expireToken: (expired: boolean) =>
      changing((state) => {
        state.tokenExpired = expired;
      }),
    ageLastContact: (user: string, ms: number) => changing((state) => age(state, user, ms)),
    setQuota: (quota: State['quota']) =>
      changing((state) => {
        state.quota = quota;
      }),
    prepares: (messageId: string, state: Content['state']) =>
      changing(({ contents }) => {
        const content = contents.get(messageId);
        // Another object, so that what is under way for the old one changes nothing any more.
        if (content) contents.set(messageId, { ...content, state });
      }),
    endpoint: () => world.state.endpoint,
    useWebhook: (active: boolean) =>
      changing(({ endpoint }) => {
        endpoint.active = active;
      }),
  };
}

function groupActs(world: World) {
  return {
    joinsGroup: async (chat: string) => {
      world.state.groups.set(chat, []);
      await world.tell([groupEvent(world, chat, 'join', {}, true)]);
    },
    saysInGroup: (chat: string, text: string) => {
      const message: Json = { id: String(Date.now()), type: 'text', text, quoteToken: 'q' };
      return world.tell([groupEvent(world, chat, 'message', { message }, true)]);
    },
    groups: () => world.state.groups,
  };
}

/** Whatever counts from the customer's last words gets older with them. */
function age(state: State, user: string, ms: number): void {
  const customer = customerOf(state, user);
  if (customer.lastContact !== undefined) customer.lastContact -= ms;
  for (const token of state.replyTokens.values()) if (token.to === user) token.issuedAt -= ms;
}

const newCustomer = (user: string, name: string, language: string): Customer => ({
  user,
  name,
  language,
  friend: true,
  blocked: false,
  typingUntil: 0,
  bubbles: [],
});

const threadOf = (world: World, { user, name, bubbles, typingUntil, blocked }: Customer): Thread => ({
  user,
  name,
  pictureUrl: `${world.url}/pictures/${user}`,
  bubbles: bubbles.map((bubble) => ({ ...bubble })),
  typing: typingUntil > Date.now(),
  seen: false,
  blocked,
});

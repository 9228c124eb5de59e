import { startChannelSimulator } from '../channel-simulator.ts';
import type { ChannelSimulator, Thread } from '../contract.ts';
import { callMethod, serveBotApi } from './bot-api.ts';
import { faultAnswer, writeBotError } from './bot-error.ts';
import { addToGroup, block, customerEdits, customerReacts, customerSends } from './customer-acts.ts';
import {
  bubbleOf,
  type Chat,
  chatOf,
  freshState,
  type State,
  type TelegramSimulatorOptions,
  type World,
} from './state.ts';
import { makeWebhookSender } from './webhooks.ts';

export type TelegramSimulator = ChannelSimulator & {
  customerEdits(user: string, mid: string, text: string): Promise<void>;
  customerReacts(user: string, mid: string, emoji: string): Promise<void>;
  block(user: string, blocked: boolean): Promise<void>;
  addToGroup(group: string, user: string, text: string): Promise<void>;
  /** Taps that still show that they wait. */
  waitingTaps(user: string): readonly string[];
  /** What the bot said in each group it is in. */
  groups(): ReadonlyMap<string, readonly string[]>;
  /** How the bot is set up at Telegram now. */
  setup(): Pick<State, 'webhook' | 'commands'>;
};

/** One bot and its customers' phones: a strict Bot API in front, webhooks with a secret behind. In memory. */
export async function startTelegramSimulator(options: TelegramSimulatorOptions): Promise<TelegramSimulator> {
  const world: World = {
    options,
    state: freshState(options),
    changed: () => undefined,
    tell: (update) => sender.send(update),
  };
  const sender = makeWebhookSender(world, (method, parameters) => {
    void callMethod(world, method, parameters).catch(() => undefined);
  });
  return startChannelSimulator({
    port: options.port,
    answer: faultAnswer,
    serve: (app) => serveBotApi(app, world),
    writeError: writeBotError,
    forget: () => {
      world.state = freshState(options, world.state.webhook.url);
    },
    acts: actsOf(world),
    sender,
    started: (server) => Object.assign(world, { changed: server.changed }),
  });
}

/** What people do: the customers on their phones, whoever runs the sandbox. */
function actsOf(world: World) {
  const changing = (change: () => void) => {
    change();
    world.changed();
  };
  return {
    addCustomer: ({ user, name, locale }: { user: string; name: string; locale?: string }) =>
      changing(() => world.state.chats.set(user, newChat(user, name, locale))),
    threads: () => [...world.state.chats.values()].map(threadOf),
    customerSends: customerSends.bind(null, world),
    fileOf: (mid: string) => fileOf(world.state, mid),
    customerEdits: customerEdits.bind(null, world),
    customerReacts: customerReacts.bind(null, world),
    block: block.bind(null, world),
    addToGroup: addToGroup.bind(null, world),
    setWebhookUrl: (url: string) =>
      changing(() => {
        world.state.webhook = { ...world.state.webhook, url };
      }),
    expireToken: (expired: boolean) =>
      changing(() => {
        world.state.tokenRevoked = expired;
      }),
    // Who once wrote to a bot may be written to at any time.
    ageLastContact: (user: string) => void chatOf(world.state, user),
    waitingTaps: (user: string) => chatOf(world.state, user).waitingTaps,
    groups: () => world.state.groups,
    setup: () => ({ webhook: { ...world.state.webhook }, commands: [...world.state.commands] }),
  };
}

function fileOf({ chats }: State, mid: string) {
  const [user = '', id] = mid.split(':');
  return chats.get(user)?.messages.find((message) => message.id === Number(id))?.file;
}

const newChat = (user: string, name: string, locale = 'en'): Chat => ({
  user,
  name,
  locale,
  started: false,
  blocked: false,
  typingUntil: 0,
  messages: [],
  waitingTaps: [],
});

const threadOf = (chat: Chat): Thread => ({
  user: chat.user,
  name: chat.name,
  pictureUrl: '',
  bubbles: chat.messages.map((message) => bubbleOf(chat, message)),
  typing: chat.typingUntil > Date.now(),
  seen: false,
  blocked: chat.blocked,
});

import { startChannelSimulator } from '../channel-simulator.ts';
import type { ChannelSimulator, Thread } from '../contract.ts';
import { serveApi } from './api.ts';
import { customerOpens, customerSends, follows, tapsMenu } from './customer-acts.ts';
import {
  type Customer,
  customerOf,
  freshState,
  newSecretText,
  type State,
  type WeChatOptions,
  type World,
} from './state.ts';
import { makeWebhookSender, tryUrl } from './webhooks.ts';
import { faultAnswer, writeWeChatError } from './wechat-error.ts';

/** What WeChat's simulator can beside what every channel's can. */
export interface WeChatSimulator extends ChannelSimulator {
  /** The customer follows the account, perhaps through a code with a scene, or no longer does. */
  follows(user: string, follows: boolean, scene?: string): Promise<void>;
  /** The customer taps an entry of the account's menu. */
  tapsMenu(user: string, key: string): Promise<string>;
  /** The customer refuses template messages. */
  refuses(user: string, refuses: boolean): void;
  /** How often the customer was told that the account is out of order. */
  notices(user: string): number;
  /** Another program of the company forces a new access token; ours is no longer taken. */
  renewTokenElsewhere(): void;
  /** Whether this server's address is on the account's whitelist. */
  letIn(allowed: boolean): void;
  /** Whether the account may use an API, by the end of its path. */
  permit(path: string, permitted: boolean): void;
  /** Files left with WeChat are older than 3 days now. */
  expireMedia(): void;
  /** The admin page tries this URL, as when Server configuration is saved. */
  tryUrl(url: string): Promise<boolean>;
}

/** One Official Account with its followers' phones: a strict API in front, sealed webhooks behind. In memory. */
export async function startWeChatSimulator(options: WeChatOptions): Promise<WeChatSimulator> {
  const world: World = {
    options,
    state: freshState(),
    url: '',
    changed: () => undefined,
    tell: (fields) => sender.send(fields),
  };
  const sender = makeWebhookSender(options, ({ FromUserName: user }) => {
    const customer = world.state.customers.get(String(user));
    if (customer) customer.notices++;
  });
  return startChannelSimulator({
    port: options.port,
    answer: faultAnswer,
    serve: (app) => serveApi(app, world),
    writeError: writeWeChatError,
    forget: () => {
      world.state = freshState();
    },
    acts: { ...actsOf(world), setWebhookUrl: sender.setUrl },
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
    addCustomer: ({ user, name }: { user: string; name: string }) =>
      changing(({ customers }) => void customers.set(user, newCustomer(user, name))),
    threads: () => [...world.state.customers.values()].map((customer) => threadOf(world, customer)),
    customerSends: customerSends.bind(null, world),
    follows: follows.bind(null, world),
    customerOpens: customerOpens.bind(null, world),
    tapsMenu: (user: string, key: string) => tapsMenu(world, user, key),
    refuses: (user: string, refuses: boolean) =>
      changing((state) => {
        customerOf(state, user).refuses = refuses;
      }),
    notices: (user: string) => customerOf(world.state, user).notices,
    ageLastContact: (user: string, ms: number) => changing((state) => age(customerOf(state, user), ms)),
    tryUrl: (url: string) => tryUrl(url, world.options),
    ...adminActs(changing),
  };
}

/** What happens in the admin page, or behind it. */
function adminActs(changing: (change: (state: State) => void) => void) {
  return {
    expireToken: (expired: boolean) =>
      changing((state) => {
        state.secretReset = expired;
      }),
    renewTokenElsewhere: () =>
      changing((state) => {
        if (state.accessToken) state.accessToken.value = newSecretText();
      }),
    letIn: (allowed: boolean) =>
      changing((state) => {
        state.foreignAddress = !allowed;
      }),
    permit: (path: string, permitted: boolean) =>
      changing(({ notPermitted }) => void (permitted ? notPermitted.delete(path) : notPermitted.add(path))),
    expireMedia: () =>
      changing(({ media }) => {
        for (const each of media.values()) each.until = 0;
      }),
  };
}

function age({ windows }: Customer, ms: number): void {
  for (const window of [windows.words, windows.act]) if (window) window.until -= ms;
}

const newCustomer = (user: string, name: string): Customer => ({
  user,
  name,
  unionid: `u${user}`,
  follows: true,
  refuses: false,
  windows: {},
  typingUntil: 0,
  bubbles: [],
  notices: 0,
});

const threadOf = (world: World, { user, name, bubbles, typingUntil, follows }: Customer): Thread => ({
  user,
  name,
  pictureUrl: `${world.url}/pictures/${user}`,
  bubbles: bubbles.map((bubble) => ({ ...bubble })),
  typing: typingUntil > Date.now(),
  seen: false,
  blocked: !follows,
});

import { startChannelSimulator } from '../channel-simulator.ts';
import type { ChannelSimulator, Thread } from '../contract.ts';
import { makeWebhookSender } from '../messenger/webhooks.ts';
import { bubbleView } from '../stored-bubble.ts';
import { serveCloudApi } from './cloud-api.ts';
import { faultAnswer, writeCloudError } from './cloud-error.ts';
import * as acts from './customer-acts.ts';
import type { Json } from './json.ts';
import { linkTo, serveMedia } from './media-api.ts';
import { overload } from './send-rules.ts';
import {
  type Customer,
  customerOf,
  freshState,
  newUserId,
  type WhatsAppSimulatorOptions,
  type World,
} from './state.ts';
import { envelope } from './webhook-body.ts';

export interface WhatsAppSimulator extends ChannelSimulator {
  customerReads(user: string): Promise<void>;
  customerReacts(user: string, messageId: string, emoji: string): Promise<void>;
  customerUnsends(user: string, messageId: string): Promise<void>;
  customerChangesNumber(user: string, next: string): Promise<void>;
  /** Somebody answers in the WhatsApp Business app. */
  inboxReplies(user: string, text: string): Promise<string>;
  /** The customer takes a username: from now on webhooks tell no number. Returns the id by which they are known then. */
  hideNumber(user: string): string;
  showNumber(user: string): void;
  block(user: string, blocked: boolean): void;
  /** News of the account, as Meta tells them. */
  announce(field: string, value: Json): Promise<void>;
  /** For tests of the setup: nothing is subscribed, no address is set. */
  unsubscribe(): void;
  /** The id of a customer's file stops working, as after seven days. */
  expireFiles(): void;
}

/** One phone number with its customers' phones: a strict Cloud API in front, signed webhooks behind. In memory. */
export async function startWhatsAppSimulator(options: WhatsAppSimulatorOptions): Promise<WhatsAppSimulator> {
  // WhatsApp tries for a week, and does not unsubscribe.
  const sender = makeWebhookSender(options.appSecret, options.webhookUrl, () => undefined);
  const world: World = {
    options,
    state: freshState(),
    url: '',
    appUrl: options.webhookUrl,
    changed: () => undefined,
    tell: async (field, value) => {
      if (world.state.subscribed && world.state.fields.includes(field))
        await sender.send(envelope(options, field, value));
    },
    redirect: () => {
      const url = world.state.override ?? world.appUrl;
      if (url !== undefined) sender.setUrl(url);
    },
  };
  return startChannelSimulator({
    port: options.port,
    answer: faultAnswer,
    serve: (app) => {
      serveMedia(app, world);
      serveCloudApi(app, world);
    },
    writeError: writeCloudError,
    forget: () => {
      world.state = freshState();
    },
    acts: {
      ...actsOf(world),
      setWebhookUrl: (url: string) => {
        world.appUrl = url;
        world.redirect();
      },
    },
    sender,
    started: (server) => Object.assign(world, { url: server.url, changed: server.changed }),
  });
}

/** What people do: the customers on their phones, somebody in the business app, whoever runs the sandbox. */
function actsOf(world: World) {
  const changing = (change: () => void) => {
    change();
    world.changed();
  };
  const customer = (user: string) => customerOf(world.state, user);
  return {
    addCustomer: ({ user, name }: { user: string; name: string }) =>
      changing(() => world.state.customers.set(user, newCustomer(user, name))),
    threads: () => [...world.state.customers.values()].map((each) => threadOf(world, each)),
    customerSends: acts.customerSends.bind(null, world),
    fileOf: (messageId: string, index: number) => fileOf(world, messageId, index),
    customerReads: acts.customerReads.bind(null, world),
    customerReacts: acts.customerReacts.bind(null, world),
    customerUnsends: acts.customerUnsends.bind(null, world),
    customerChangesNumber: acts.customerChangesNumber.bind(null, world),
    inboxReplies: acts.inboxReplies.bind(null, world),
    hideNumber: (user: string) => {
      changing(() => Object.assign(customer(user), { hidesNumber: true }));
      return customer(user).userId;
    },
    showNumber: (user: string) => changing(() => Object.assign(customer(user), { hidesNumber: false })),
    block: (user: string, blocked: boolean) => changing(() => Object.assign(customer(user), { blocked })),
    announce: (field: string, value: Json) => world.tell(field, value),
    unsubscribe: () => Object.assign(world.state, { subscribed: false, fields: [] }),
    expireFiles: () => {
      for (const file of world.state.files.values()) file.expiresAt = 0;
    },
    expireToken: (expired: boolean) =>
      changing(() => {
        world.state.tokenExpired = expired;
      }),
    overloadCustomer: (user: string) => changing(() => overload(customer(user))),
    ageLastContact: (user: string, ms: number) =>
      changing(() => {
        const { lastContact } = customer(user);
        if (lastContact !== undefined) customer(user).lastContact = lastContact - ms;
      }),
  };
}

function fileOf({ state }: World, messageId: string, index: number) {
  const bubbles = [...state.customers.values()].flatMap((customer) => customer.bubbles);
  return bubbles.find(({ mid }) => mid === messageId)?.attachments[index]?.file;
}

const newCustomer = (waId: string, name: string): Customer => ({
  waId,
  userId: newUserId(),
  name,
  hidesNumber: false,
  typingUntil: 0,
  seen: false,
  blocked: false,
  bubbles: [],
  sends: [],
});

/** WhatsApp tells a business no picture. */
const threadOf = (world: World, customer: Customer): Thread => ({
  user: customer.waId,
  name: customer.name,
  pictureUrl: '',
  bubbles: customer.bubbles.map((bubble) => bubbleView(bubble, (file) => linkTo(world, file))),
  typing: customer.typingUntil > Date.now(),
  seen: customer.seen,
  blocked: customer.blocked,
});

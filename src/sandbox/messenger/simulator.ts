import { startChannelSimulator } from '../channel-simulator.ts';
import type { MessengerSimulator, MessengerSimulatorOptions, MessengerThread } from '../contract.ts';
import { bubbleView } from '../stored-bubble.ts';
import { accountActs } from './account-acts.ts';
import { avatar } from './avatar.ts';
import {
  customerOpens,
  customerReacts,
  customerReads,
  customerSends,
  customerTicksBox,
  inboxReplies,
} from './customer-acts.ts';
import { serveGraphApi } from './graph-api.ts';
import { faultAnswer, writeGraphError } from './graph-error.ts';
import { linkTo, serveMedia } from './media.ts';
import { type Customer, customerOf, freshState, type PageWorld, store, type World } from './state.ts';
import { isSubscribed } from './subscription.ts';
import { envelope } from './webhook-body.ts';
import { makeWebhookSender, type WebhookSender } from './webhooks.ts';

export type RunningMessengerSimulator = MessengerSimulator & {
  setWebhookUrl(url: string): void;
  /** What the token may do, and when it ends. */
  changeToken(change: Partial<World['state']['token']>): void;
};

/** One Facebook Page with its customers' phones: a strict Graph API in front, signed webhooks behind. In memory. */
export async function startMessengerSimulator(options: MessengerSimulatorOptions): Promise<RunningMessengerSimulator> {
  const sender = makeWebhookSender(options.appSecret, options.webhookUrl, () => {
    world.state.subscribedFields = undefined;
  });
  const world: PageWorld = {
    options,
    platform: 'messenger',
    state: freshState(),
    url: '',
    callbackUrl: options.webhookUrl,
    redirect: (callbackUrl) => {
      world.callbackUrl = callbackUrl;
      sender.setUrl(callbackUrl);
    },
    changed: () => undefined,
    tell: (item) => tell(world, sender, item),
  };
  return startChannelSimulator({
    port: options.port,
    answer: faultAnswer,
    serve: (app) => {
      serveMedia(app, world);
      serveGraphApi(app, world);
    },
    writeError: writeGraphError,
    forget: () => {
      world.state = freshState();
    },
    acts: { ...actsOf(world), setWebhookUrl: world.redirect },
    sender,
    started: (server) => Object.assign(world, { url: server.url, changed: server.changed }),
  });
}

/** While another app owns the thread we only listen; what we are not subscribed to is never told. */
async function tell(world: World, sender: WebhookSender, item: Record<string, unknown>): Promise<void> {
  const parties = [item['sender'], item['recipient']].map((party) => (party as { id?: string } | undefined)?.id ?? '');
  const owner = parties.map((id) => world.state.customers.get(id)).find((customer) => customer)?.owner;
  const handover = 'pass_thread_control' in item || 'take_thread_control' in item;
  const list = owner !== undefined && !handover ? 'standby' : 'messaging';
  if (isSubscribed(world, item, list === 'standby')) await sender.send(envelope(world.options.pageId, item, list));
}

/** What people do: the customers on their phones, somebody in the page's inbox, whoever runs the sandbox. */
function actsOf(world: World) {
  const changing = (change: () => void) => {
    change();
    world.changed();
  };
  return {
    addCustomer: ({ psid, name, locale }: { psid: string; name: string; locale?: string }) =>
      changing(() => world.state.customers.set(psid, newCustomer(world, psid, name, locale))),
    threads: () => [...world.state.customers.values()].map((customer) => threadOf(world, customer)),
    customerSends: customerSends.bind(null, world),
    customerReacts: customerReacts.bind(null, world),
    customerOpens: customerOpens.bind(null, world),
    customerReads: customerReads.bind(null, world),
    customerTicksBox: customerTicksBox.bind(null, world),
    inboxReplies: inboxReplies.bind(null, world),
    ...accountActs(world),
    changeToken: (change: Partial<World['state']['token']>) =>
      changing(() => {
        world.state.token = { ...world.state.token, ...change };
      }),
    passThread: async (psid: string, owner?: string) => {
      const customer = customerOf(world.state, psid);
      const before = customer.owner ?? world.options.appId;
      if (owner === undefined) delete customer.owner;
      else customer.owner = owner;
      world.changed();
      await world.tell(passed(world, psid, before, owner ?? world.options.appId));
    },
  };
}

const passed = (world: World, psid: string, before: string, owner: string) => ({
  sender: { id: psid },
  recipient: { id: world.options.pageId },
  timestamp: Date.now(),
  pass_thread_control: { previous_owner_app_id: before, new_owner_app_id: owner, metadata: '' },
});

export function newCustomer(world: World, psid: string, name: string, locale = 'en_US'): Customer {
  const picture = store(world.state, { name: 'picture.png', contentType: 'image/png', bytes: avatar(name) });
  return { psid, name, locale, picture, typingUntil: 0, seen: false, blocked: false, bubbles: [] };
}

export const threadOf = (world: World, customer: Customer): MessengerThread => ({
  psid: customer.psid,
  user: customer.psid,
  name: customer.name,
  pictureUrl: linkTo(world, customer.picture),
  bubbles: customer.bubbles.map((bubble) => bubbleView(bubble, (file) => linkTo(world, file))),
  typing: customer.typingUntil > Date.now(),
  seen: customer.seen,
  blocked: customer.blocked,
});

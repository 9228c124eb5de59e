import { startChannelSimulator } from '../channel-simulator.ts';
import type { ChannelSimulator } from '../contract.ts';
import { accountActs } from '../messenger/account-acts.ts';
import { faultAnswer, writeGraphError } from '../messenger/graph-error.ts';
import { serveMedia } from '../messenger/media.ts';
import { newCustomer, threadOf } from '../messenger/simulator.ts';
import { envelope } from '../messenger/webhook-body.ts';
import { makeWebhookSender, type WebhookSender } from '../messenger/webhooks.ts';
import * as acts from './customer-acts.ts';
import { serveInstagramApi } from './instagram-api.ts';
import { isSubscribed } from './subscription.ts';
import { fresh, type InstagramSimulatorOptions, type InstagramWorld } from './world.ts';

export type RunningInstagramSimulator = Awaited<ReturnType<typeof startInstagramSimulator>>;

/** One professional account with its customers' phones: a strict API in front, signed webhooks behind. In memory. */
export async function startInstagramSimulator(options: InstagramSimulatorOptions) {
  const sender = makeWebhookSender(options.appSecret, options.webhookUrl, () => {
    world.state.subscribedFields = undefined;
  });
  const world = worldOf(options, sender);
  const simulator = await startChannelSimulator({
    port: options.port,
    answer: faultAnswer,
    serve: (app) => {
      serveMedia(app, world);
      serveInstagramApi(app, world);
    },
    writeError: writeGraphError,
    forget: () => {
      world.state = fresh();
      world.comments.clear();
      world.tokens = new Set([options.token]);
    },
    acts: { ...actsOf(world), setWebhookUrl: sender.setUrl },
    sender,
    started: (server) => Object.assign(world, { url: server.url, changed: server.changed }),
  });
  return simulator satisfies ChannelSimulator;
}

function worldOf(options: InstagramSimulatorOptions, sender: WebhookSender): InstagramWorld {
  const { accountId, username, token, appSecret, humanAgent = false } = options;
  const world: InstagramWorld = {
    options: { pageId: accountId, pageName: username, appId: '9911', appSecret, pageToken: token, humanAgent },
    platform: 'instagram',
    login: options.login ?? 'instagram',
    state: fresh(),
    comments: new Map(),
    tokens: new Set([token]),
    url: '',
    changed: () => undefined,
    tell: async (item) => {
      if (isSubscribed(world, item)) await sender.send(envelope(accountId, item, 'messaging', 'instagram'));
    },
    tellChange: async (field, value, at) => {
      if (!world.state.subscribedFields?.includes(field)) return;
      await sender.send(envelope(accountId, { field, value }, 'changes', 'instagram', at));
    },
  };
  return world;
}

/** What people do: the customers on their phones, somebody in the Instagram app, whoever runs the sandbox. */
function actsOf(world: InstagramWorld) {
  const changing = (change: () => void) => {
    change();
    world.changed();
  };
  return {
    addCustomer: ({ user, name }: { user: string; name: string }) =>
      changing(() => world.state.customers.set(user, newCustomer(world, user, name))),
    threads: () => [...world.state.customers.values()].map((customer) => threadOf(world, customer)),
    customerSends: acts.customerSends.bind(null, world),
    customerReacts: acts.customerReacts.bind(null, world),
    customerReads: acts.customerReads.bind(null, world),
    customerUnsends: acts.customerUnsends.bind(null, world),
    customerComments: acts.customerComments.bind(null, world),
    inboxReplies: acts.inboxReplies.bind(null, world),
    ...accountActs(world),
  };
}

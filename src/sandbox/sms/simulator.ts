import type { RequestHandler } from 'express';
import { startChannelSimulator } from '../channel-simulator.ts';
import type { ChannelSimulator, Thread } from '../contract.ts';
import { customerSends } from './customer-acts.ts';
import { serveMedia, startStore } from './media.ts';
import { serveMessages } from './messages-api.ts';
import { serveSetup } from './setup-api.ts';
import {
  bubbleOf,
  type Customer,
  customerOf,
  freshState,
  type SmsSimulatorOptions,
  type State,
  type World,
} from './state.ts';
import { faultAnswer, notAuthentic, notFound, writeTwilioError } from './twilio-error.ts';
import { makeWebhookSender } from './webhooks.ts';

export type SmsSimulator = ChannelSimulator & {
  /** What keeps messages from the customer's phone from now on: an error code, or nothing. */
  unreachable(user: string, code: number | undefined): void;
  landline(user: string): void;
  /** Suspends the Twilio account, or makes it a trial. */
  setAccount(change: Partial<Pick<State, 'suspended' | 'trial'>>): void;
  /** How the number and the messaging service are set up at Twilio now. */
  setup(): Pick<State, 'number' | 'service'>;
};

/** One Twilio account with a number, and its customers' phones: a strict REST API in front, signed webhooks behind. */
export async function startSmsSimulator(options: SmsSimulatorOptions): Promise<SmsSimulator> {
  const sender = makeWebhookSender(options.authToken);
  const world: World = {
    options,
    state: freshState(),
    url: '',
    storeUrl: '',
    changed: () => undefined,
    call: (url, form) => (url === '' ? Promise.resolve() : sender.send({ url, form })),
  };
  const store = await startStore(world);
  const account = `/2010-04-01/Accounts/${options.accountSid}`;
  const simulator = await startChannelSimulator({
    port: options.port,
    answer: faultAnswer,
    serve: (app) => {
      app.use(checkLogin(world));
      serveMessages(app, world, account);
      serveMedia(app, world, account);
      serveSetup(app, world, account);
      app.use((request) => {
        throw notFound(request.path);
      });
    },
    writeError: writeTwilioError,
    forget: () => {
      const { number, service } = world.state;
      world.state = { ...freshState(), number, service };
    },
    acts: actsOf(world),
    sender,
    started: (server) => Object.assign(world, { url: server.url, storeUrl: store.url, changed: server.changed }),
  });
  return { ...simulator, close: async () => void (await Promise.all([simulator.close(), store.close()])) };
}

const checkLogin = (world: World): RequestHandler => {
  return (request, _response, next) => {
    const { accountSid, authToken } = world.options;
    const wanted = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    if (request.headers.authorization !== wanted || world.state.tokenExpired) throw notAuthentic();
    next();
  };
};

/** What people do: the customers on their phones, whoever runs the sandbox. */
function actsOf(world: World) {
  const changing = (change: () => void) => {
    change();
    world.changed();
  };
  return {
    addCustomer: ({ user, name }: { user: string; name: string }) =>
      changing(() => world.state.customers.set(user, newCustomer(user, name))),
    threads: () => [...world.state.customers.values()].map((customer) => threadOf(world, customer)),
    customerSends: customerSends.bind(null, world),
    fileOf: (messageId: string, index: number) =>
      world.state.messages.find(({ sid }) => sid === messageId)?.files[index],
    setWebhookUrl: (url: string) =>
      changing(() => {
        world.state.number.url = url;
        world.state.service.url = url;
      }),
    expireToken: (expired: boolean) =>
      changing(() => {
        world.state.tokenExpired = expired;
      }),
    // A number may be written to at any time.
    ageLastContact: (user: string) => void customerOf(world.state, user),
    unreachable: (user: string, code: number | undefined) =>
      changing(() => {
        customerOf(world.state, user).unreachable = code;
      }),
    landline: (user: string) =>
      changing(() => {
        customerOf(world.state, user).landline = true;
      }),
    setAccount: (change: Partial<Pick<State, 'suspended' | 'trial'>>) =>
      changing(() => {
        Object.assign(world.state, change);
      }),
    setup: () => ({ number: { ...world.state.number }, service: { ...world.state.service } }),
  };
}

const newCustomer = (user: string, name: string): Customer => ({
  user,
  name,
  optedOut: false,
  unreachable: undefined,
  landline: false,
});

const threadOf = (world: World, { user, name, optedOut }: Customer): Thread => ({
  user,
  name,
  pictureUrl: '',
  bubbles: world.state.messages.filter((message) => message.user === user).map((message) => bubbleOf(world, message)),
  typing: false,
  seen: false,
  blocked: optedOut,
});

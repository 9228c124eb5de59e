import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type RunningMessengerSimulator, startMessengerSimulator } from '../../sandbox/messenger/simulator.ts';
import { localTools } from '../shared/testing/platform.ts';
import { messengerAccount } from './account.ts';
import { messenger } from './channel.ts';
import { accountAt } from './fixtures/support.ts';
import { webhookFields } from './subscription.ts';

const tools = localTools();
let simulator: RunningMessengerSimulator;
/** Answers the handshake, and takes whatever is delivered. */
const door = createServer((request, response) => {
  response.end(new URL(request.url ?? '', 'http://door').searchParams.get('hub.challenge') ?? 'EVENT_RECEIVED');
});
let base: string;
beforeAll(async () => {
  await new Promise<void>((listening) => door.listen(0, '127.0.0.1', listening));
  base = `http://127.0.0.1:${(door.address() as AddressInfo).port}/webhooks/messenger`;
});
beforeEach(async () => {
  const options = {
    pageId: '555',
    pageName: 'Acme',
    appId: '9911',
    appSecret: 'app-secret-1',
    pageToken: 'PAGE-TOKEN-1',
  };
  simulator = await startMessengerSimulator(options);
});
afterEach(() => simulator.close());
afterAll(() => {
  door.close();
  tools.close();
});

const profile = {
  greeting: 'Hi {{user_first_name}}',
  getStarted: 'START',
  menu: [
    { title: 'Track it', payload: 'TRACK' },
    { title: 'Shop', url: 'https://shop.acme.example' },
  ],
  iceBreakers: [{ question: 'Where is it?', payload: 'TRACK' }],
  domains: ['https://shop.acme.example'],
};
const setUp = (
  more: Record<string, unknown> = {},
  wish: { remove?: boolean; apply?: boolean; webhookUrl?: string } = {},
) =>
  messenger.provision!(
    { webhookUrl: `${base}/acme-page`, remove: false, apply: true, ...wish },
    accountAt(simulator.url, more),
    tools,
  );
const nothing = { result: 'done', value: [] };
const whats = async (outcome: ReturnType<typeof setUp>) => {
  const ended = await outcome;
  return ended.result === 'done' ? ended.value.map(({ what }) => what) : ended;
};

test('app, page and what the page shows: compared, set once, taken back', async () => {
  simulator.unsubscribe();
  const all = [
    'webhook address of the app',
    'webhook fields of the app',
    'what the page sends to the app',
    'the button Get started',
    'the greeting',
    'the menu',
    'the questions to begin with',
    'the web sites that may show',
  ];
  const given = { pageProfile: profile };
  expect(await whats(setUp(given, { apply: false }))).toEqual(all);
  expect(await whats(setUp(given))).toEqual(all);
  expect(await setUp(given)).toEqual(nothing);
  const changed = { pageProfile: { ...profile, menu: [{ title: 'Help', payload: 'HELP' }] } };
  expect(await setUp(changed, { apply: false })).toEqual({
    result: 'done',
    value: [{ what: 'the menu', now: 'Track it → TRACK; Shop → https://shop.acme.example', wanted: 'Help → HELP' }],
  });
  // What is left out of the configuration stays, and so does what is no longer as we set it.
  expect(await setUp()).toEqual(nothing);
  expect(await whats(setUp({ pageProfile: { greeting: profile.greeting } }, { remove: true }))).toEqual([
    'the greeting',
    'what the page sends to the app',
  ]);
  expect(await whats(setUp(given))).toEqual(['what the page sends to the app', 'the greeting']);
  expect(await whats(setUp(given, { remove: true }))).toEqual([...all.slice(3), all[2]]);
  expect(await setUp(given, { remove: true })).toEqual(nothing);
});

const languages = {
  getStarted: 'START',
  greeting: { default: 'Hi', fr_FR: 'Bonjour' },
  menu: { default: [{ title: 'Help', payload: 'HELP' }], fr_FR: [{ title: 'Aide', payload: 'HELP' }] },
  iceBreakers: { default: profile.iceBreakers, fr_FR: [{ question: 'Où est-il ?', payload: 'TRACK' }] },
};

test('each language has its own; one that somebody else added stays, and so do their web sites', async () => {
  simulator.setWebhookUrl(base);
  const theirs = { greeting: { default: 'Hello', it_IT: 'Ciao' }, domains: ['https://theirs.example'] };
  await setUp({ pageProfile: theirs });
  const given = { pageProfile: { ...languages, domains: profile.domains } };
  const compared = await setUp(given, { apply: false });
  expect(compared).toMatchObject({
    value: expect.arrayContaining([
      { what: 'the greeting', now: 'default: Hello', wanted: 'default: Hi | fr_FR: Bonjour' },
      { what: 'the menu', now: 'nothing', wanted: 'default: Help → HELP | fr_FR: Aide → HELP' },
      { what: 'the web sites that may show', now: 'nothing', wanted: 'https://shop.acme.example' },
    ]),
  });
  expect(await setUp(given)).toEqual(compared);
  expect(await setUp(given)).toEqual(nothing);
  // There must be a greeting for all as long as there is one for Italians.
  const italian = { pageProfile: { greeting: { default: 'Hi', it_IT: 'Ciao' }, domains: theirs.domains } };
  expect(await setUp(italian)).toEqual(nothing);
  expect(await whats(setUp(given, { remove: true }))).toEqual([
    'the button Get started',
    'the menu',
    'the questions to begin with',
    'the web sites that may show',
    'what the page sends to the app',
  ]);
  expect(await whats(setUp(italian))).toEqual(['what the page sends to the app']);
});

test.each([
  ['for all pages', () => base],
  ['that another page of the app brought', () => `${base}/other-page`],
])('an address of ours %s stays', async (_, address) => {
  simulator.setWebhookUrl(address());
  expect(await setUp()).toEqual(nothing);
});

test('fields that the app or the page lacks are added, and what there was is kept', async () => {
  simulator.setWebhookUrl(base);
  simulator.unsubscribe('message_reads');
  expect(await setUp()).toEqual({
    result: 'done',
    value: [
      {
        what: 'what the page sends to the app',
        now: webhookFields.filter((field) => field !== 'message_reads').join(', '),
        wanted: 'also message_reads',
      },
    ],
  });
  expect(await setUp()).toEqual(nothing);
});

test.each([
  [
    'an address that does not answer the challenge',
    { webhookUrl: 'http://127.0.0.1:9/webhooks/messenger/x' },
    {},
    'never',
  ],
  ['a wrong app secret', {}, { appSecret: 'other' }, 'account-broken'],
])('%s is told', async (_, wish, more, result) => {
  expect(await setUp(more, wish)).toMatchObject({ why: expect.stringMatching(/\S/), result });
});

test('without the permission to subscribe the page it says so', async () => {
  simulator.setWebhookUrl(base);
  simulator.unsubscribe();
  simulator.permitSubscribing(false);
  expect(await setUp()).toMatchObject({ result: 'account-broken' });
});

test.each([
  ['a menu without Get started', { menu: profile.menu }],
  ['an entry that does nothing', { ...profile, menu: [{ title: 'Nothing' }] }],
  ['an entry that does two things', { ...profile, menu: [{ title: 'Both', payload: 'P', url: 'https://a.example' }] }],
  ['five questions', { ...profile, iceBreakers: Array.from({ length: 5 }, () => profile.iceBreakers[0]) }],
  ['a language without one for all', { greeting: { fr_FR: 'Bonjour' } }],
  ['a language that is none', { greeting: { default: 'Hi', French: 'Bonjour' } }],
  ['a greeting that is too long in one language', { greeting: { default: 'Hi', fr_FR: 'x'.repeat(161) } }],
  ['a web site without https', { ...profile, domains: ['http://shop.acme.example'] }],
])('%s is no configuration', (_, pageProfile) => {
  const good = {
    id: 'p',
    kind: 'messenger',
    pageId: '1',
    appId: '2',
    pageToken: 't',
    appSecret: 's',
    verifyToken: 'v',
  };
  expect(messengerAccount.safeParse({ ...good, pageProfile: profile }).success).toBe(true);
  expect(messengerAccount.safeParse({ ...good, pageProfile }).success).toBe(false);
});

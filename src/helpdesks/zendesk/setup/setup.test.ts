import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { applyKinds, compareKinds } from '../../../flows/provision/set-up-kinds.ts';
import type { HttpRequest } from '../../../kit/http.ts';
import type { Tools } from '../../../kit/tools.ts';
import { startZendeskSimulator, type ZendeskSandbox } from '../../../sandbox/zendesk/simulator.ts';
import type { HelpdeskSetupWish } from '../../helpdesk.ts';
import { accountAt, connected, credentials, gave, type TestTools, testTools } from '../testing/harness.ts';

let zendesk: ZendeskSandbox;
let tools: TestTools;
beforeAll(async () => {
  zendesk = await startZendeskSimulator({ ...credentials, limits: { perMinute: 1_000_000 } });
  tools = testTools();
});
beforeEach(() => zendesk.reset());
afterAll(async () => {
  tools.close();
  await zendesk.close();
});

const hook = 'https://chat.acme.example/webhooks/zendesk/acme-zendesk';
const wish: HelpdeskSetupWish = {
  webhookUrl: hook,
  tags: {
    chat: 'passerelle',
    channels: [
      { label: 'Messenger', tag: 'messenger' },
      { label: 'LINE', tag: 'line' },
    ],
    replyFailed: 'passerelle_reply_failed',
  },
};
const clock = { sleep: async () => undefined };
const lists = ['triggers', 'ticket_fields', 'views', 'macros'];

/** `http` may cut the run off. */
async function target(http: Tools['http'] = tools.http) {
  return gave(await connected(accountAt(zendesk.url), { ...tools, http }).setup!(wish));
}
const apply = async (remove = false, http?: Tools['http']) => applyKinds((await target(http)).kinds, remove, clock);
const left = async (remove = false) =>
  gave(await compareKinds((await target()).kinds, remove)).filter(({ act }) => act !== 'leave');
const everything = (): Record<string, unknown> => ({
  hooks: zendesk.hooks(),
  ...Object.fromEntries(lists.map((list) => [list, zendesk.rules(list)])),
});

test('from nothing: a dry run says what would be made and makes nothing; then it is there, and stays', async () => {
  const before = everything();
  expect((await left()).map(({ act, what }) => `${act} ${what}`)).toEqual([
    'create webhook “Passerelle: acme-zendesk”',
    'create trigger “Passerelle: an agent replied”',
    'create trigger “Passerelle: the window closes within 2 hours”',
    'create ticket field “Passerelle channel”',
    'create ticket field “Passerelle delivery”',
    'create ticket field “Passerelle answer until”',
    'create ticket field “Passerelle window”',
    'create ticket field “Passerelle last reply”',
    'create ticket field “Passerelle customer”',
    'create view “Passerelle: chats waiting”',
    'create view “Passerelle: the window closes within 2 hours”',
    'create view “Passerelle: replies that did not arrive”',
    'create macro “Passerelle: greet and take”',
    'create macro “Passerelle: ask for the order number”',
    'create macro “Passerelle: the failed reply was seen to”',
  ]);
  expect(everything()).toEqual(before);
  expect((await apply()).trouble).toBeUndefined();
  expect(await left()).toEqual([]);
  const made = everything();
  expect((await apply()).acts).toEqual([]);
  expect(everything()).toEqual(made);
});

test('the trigger calls the webhook that was made, and the view shows the field that was made', async () => {
  await apply();
  const [webhook] = zendesk.hooks();
  expect(zendesk.rules('triggers')[0]).toMatchObject({ actions: [{ value: [webhook!.id, expect.any(String)] }] });
  const field = zendesk.rules('ticket_fields').find(({ title }) => title === 'Passerelle channel')!;
  const view = zendesk.rules('views').find(({ title }) => title === 'Passerelle: chats waiting')!;
  expect(view['execution']).toMatchObject({
    columns: expect.arrayContaining([expect.objectContaining({ id: field.id })]),
  });
});

test('what somebody changed is shown field by field, and set back', async () => {
  await apply();
  const [macro] = zendesk.rules('macros');
  const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ macro: { title: 'Mine now', active: false } });
  await fetch(`${zendesk.url}/api/v2/macros/${macro!.id}`, { method: 'PUT', headers, body });
  expect(await left()).toEqual([
    {
      act: 'change',
      what: 'macro “Mine now”',
      fields: [
        { field: 'title', now: 'Mine now', wanted: 'Passerelle: greet and take' },
        { field: 'active', now: 'false', wanted: 'true' },
      ],
    },
  ]);
  await apply();
  expect(zendesk.rules('macros')[0]).toMatchObject({ title: 'Passerelle: greet and take', active: true });
});

async function token(): Promise<string> {
  const answer = await fetch(`${zendesk.url}/oauth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ grant_type: 'client_credentials', client_id: 'passerelle', client_secret: 'client-secret' }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

test('a webhook made by hand is taken over with its secret; its trigger is left, with a word', async () => {
  zendesk.setWebhookUrl(hook);
  const secret = zendesk.hooks()[0]!.secret;
  const acts = gave(await compareKinds((await target()).kinds, false));
  expect(acts.find(({ act }) => act === 'leave')).toMatchObject({
    what: 'trigger “Chats: an agent replied”',
    why: expect.stringContaining('calls the webhook too'),
  });
  await apply();
  expect(zendesk.hooks()).toMatchObject([{ secret, endpoint: hook }]);
  expect(zendesk.rules('triggers')).toHaveLength(3);
  zendesk.setWebhookUrl(undefined);
});

test('the secret is read, and it is known whether the configuration has it', async () => {
  await apply();
  const told = async () => {
    const opened = await target();
    await compareKinds(opened.kinds, false);
    return gave(await opened.secrets!());
  };
  expect(await told()).toMatchObject([{ configured: true }]);
  const secret = zendesk.resetSecret(zendesk.hooks()[0]!.id);
  const [found] = await told();
  expect(found).toMatchObject({ place: 'helpdesks, acme-zendesk: webhookSecret', configured: false });
  expect(found!.value.reveal()).toBe(secret);
});

test('an option that an administrator added to a field of ours stays', async () => {
  await apply();
  const field = zendesk.rules('ticket_fields').find(({ title }) => title === 'Passerelle channel')!;
  const headers = { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' };
  const options = [
    { name: 'Fax', value: 'fax' },
    { name: 'Messenger', value: 'messenger' },
  ];
  const body = JSON.stringify({ ticket_field: { custom_field_options: options } });
  await fetch(`${zendesk.url}/api/v2/ticket_fields/${field.id}`, { method: 'PUT', headers, body });
  expect(await left()).toMatchObject([{ act: 'change', fields: [{ field: 'custom_field_options' }] }]);
  await apply();
  const after = zendesk.rules('ticket_fields').find(({ id }) => id === field.id)!;
  expect((after['custom_field_options'] as { value: string }[]).map(({ value }) => value).sort()).toEqual([
    'fax',
    'line',
    'messenger',
  ]);
});

test('a copy of ours that an administrator made and changed is left, and named', async () => {
  await apply();
  const [macro] = zendesk.rules('macros');
  const { id: _, ...fields } = macro!;
  const copy = zendesk.addRule('macros', { ...fields, title: 'My own greeting' });
  const acts = gave(await compareKinds((await target()).kinds, false));
  expect(acts).toMatchObject([{ act: 'leave', what: 'macro “My own greeting”', why: expect.stringContaining('mark') }]);
  await apply();
  expect(zendesk.rules('macros').map(({ id }) => id)).toContain(copy);
});

test('an agent is told that it takes an administrator, and nothing is tried', async () => {
  zendesk.setRole('agent');
  const refused = await connected(accountAt(zendesk.url), tools).setup!(wish);
  expect(refused).toMatchObject({
    result: 'account-broken',
    why: expect.stringMatching(/only administrators.*is agent/),
  });
});

test('an account that sorts its triggers into categories gets its trigger', async () => {
  zendesk.sortTriggers(['Notifications', 'Chats']);
  expect((await apply()).trouble).toBeUndefined();
  expect(zendesk.rules('triggers')).toMatchObject([
    { category_id: expect.any(String) },
    { category_id: expect.any(String) },
  ]);
});

/** Things of others, and some that only look like ours. */
const foreign = fc.constantFrom(
  [
    'triggers',
    {
      title: 'Notify the requester',
      conditions: { all: [{ field: 'status', operator: 'is', value: 'new' }] },
      actions: [{ field: 'status', value: 'open' }],
    },
  ],
  [
    'triggers',
    {
      title: 'Passerelle: an agent replied (copy)',
      conditions: { all: [{ field: 'update_type', operator: 'is', value: 'Create' }] },
      actions: [{ field: 'priority', value: 'high' }],
    },
  ],
  [
    'views',
    {
      title: 'Passerelle: chats waiting',
      description: '[passerelle:another-zendesk/chats-waiting]',
      all: [{ field: 'status', operator: 'is', value: 'new' }],
      output: { columns: ['subject'] },
    },
  ],
  ['macros', { title: 'Close it', actions: [{ field: 'status', value: 'solved' }] }],
  ['ticket_fields', { title: 'Passerelle channel', type: 'text' }],
  ['ticket_fields', { title: 'Order', type: 'text' }],
) as fc.Arbitrary<[string, Record<string, unknown>]>;

class Killed extends Error {}

/** The process dies at the nth call: before it leaves, or before its answer is read. */
function dyingAt(n: number, after: boolean): Tools['http'] {
  let calls = 0;
  return {
    request: async (request: HttpRequest) => {
      calls += 1;
      if (calls > n || (calls === n && !after)) throw new Killed();
      const answer = await tools.http.request(request);
      if (calls === n) throw new Killed();
      return answer;
    },
  };
}

test('whatever is there, and wherever a run is killed, the next one completes it; others’ things stay as they are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(foreign, { maxLength: 5 }),
      fc.integer({ min: 1, max: 24 }),
      fc.boolean(),
      fc.boolean(),
      async (others, at, after, removing) => {
        zendesk.reset();
        for (const [list, fields] of others) zendesk.addRule(list, fields);
        const before = everything();
        if (removing) await apply();
        await apply(removing, dyingAt(at, after)).catch((error: unknown) => expect(error).toBeInstanceOf(Killed));
        expect((await apply(removing)).trouble).toBeUndefined();
        expect(await left(removing)).toEqual([]);
        const titles = (list: string) =>
          zendesk
            .rules(list)
            .filter(({ id }) => !isIn(before, list, id))
            .map(({ title }) => title);
        for (const list of lists) {
          expect(zendesk.rules(list).filter(({ id }) => isIn(before, list, id))).toEqual(before[list]);
          expect(new Set(titles(list)).size).toBe(titles(list).length);
        }
        expect(zendesk.hooks()).toHaveLength(removing ? 0 : 1);
        if (removing) expect(everything()).toEqual(before);
      },
    ),
    { numRuns: 25 },
  );
});

const isIn = (all: object, list: string, id: number): boolean =>
  (all as Record<string, { id: number }[]>)[list]!.some((rule) => rule.id === id);

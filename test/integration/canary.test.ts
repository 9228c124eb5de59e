import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { envelope, item, signed } from '../support/meta-webhook.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { prepareService, type ServiceInAProcess } from './service-process.ts';

/** What must never be seen in a log line, on an open page or in an error: each says where it was planted. */
const secrets = {
  appSecret: 'CANARYappSecret',
  pageToken: 'CANARYpageToken',
  verifyToken: 'CANARYverifyToken',
  zendeskSecret: 'CANARYzendeskSecret',
  webhookSecret: 'CANARYwebhookSecret',
  salesforceSecret: 'CANARYsalesforceSecret',
};
const psid = '4242001';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let service: ServiceInAProcess;
let proxy: TcpProxy;
/** Answers of the service to anybody who asks. */
const answers: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  const url = new URL(database.url);
  proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(proxy.port);
  service = await prepareService({ databaseUrl: url.toString(), logLevel: 'debug', secrets });
  await service.start();
  await converse();
  await provoke();
  await breakTheLedger();
  await takeTheDatabaseAway();
  await service.end('SIGTERM');
}, 180_000);
afterAll(async () => {
  await service?.close();
  await proxy?.close();
  await database?.drop();
});

const ticket = () => service.zendesk.tickets().find(({ requester }) => requester.externalId?.endsWith(psid));
const spoken = () => ticket()?.comments.map(({ body }) => body) ?? [];
const bubbles = () => service.messenger.threads()[0]!.bubbles.filter(({ from }) => from === 'page');
const file = (name: string) => ({ name, contentType: 'text/plain', bytes: Buffer.from('CANARYfileContent') });

/** A conversation with everything in it, and every platform failing now and then. */
async function converse(): Promise<void> {
  const { messenger, zendesk, salesforce } = service;
  messenger.addCustomer({ psid, name: 'CANARYfirstname CANARYlastname' });
  salesforce.inject({ kind: '500', method: 'PATCH', path: '/sobjects/Contact', times: 1 });
  zendesk.inject({ kind: '500-after', method: 'POST', path: '/api/v2/tickets', times: 1 });
  await messenger.customerSends(psid, { type: 'text', text: 'CANARYtext', quickReply: 'CANARYpayload' });
  await messenger.customerSends(psid, { type: 'postback', title: 'CANARYtitle', payload: 'CANARYpostback' });
  await messenger.customerSends(psid, { type: 'text', text: 'mail', quickReply: 'CANARYmail@example.com' });
  await until('the words on a ticket', () => spoken().join().includes('CANARYtitle'), 30_000);
  zendesk.inject({ kind: '500', method: 'POST', path: '/uploads', times: 1 });
  await messenger.customerSends(psid, { type: 'file', files: [file('CANARYfile.txt')], text: 'CANARYcaption' });
  await messenger.customerSends(psid, { type: 'location', latitude: 1, longitude: 2, title: 'CANARYplace' });
  await until(
    'the file on the ticket',
    () => ticket()!.comments.some(({ attachments }) => attachments.length > 0),
    30_000,
  );
  await zendesk.agentComments(ticket()!.id, {
    html: '<p>CANARYreply</p>',
    public: true,
    files: [file('CANARYsent.txt')],
  });
  await zendesk.agentComments(ticket()!.id, { text: 'CANARYnote', public: false });
  await until('the answer', () => bubbles().length >= 2, 30_000);
  await messenger.inboxReplies(psid, 'CANARYinbox');
  await messenger.customerReacts(psid, bubbles()[0]!.mid, '❤');
  await until('the inbox on the ticket', () => spoken().join().includes('CANARYinbox'), 30_000);
  messenger.block(psid, true);
  await zendesk.agentComments(ticket()!.id, { text: 'CANARYblocked', public: true });
  await until('the failure is told', () => spoken().join().includes('did not reach'), 30_000);
  messenger.block(psid, false);
  messenger.expireToken(true);
  await zendesk.agentComments(ticket()!.id, { text: 'CANARYheld', public: true });
  await until('the wait is told', () => spoken().join().includes('waits'), 30_000);
  await until('history', () => JSON.stringify(salesforce.records('Task')).includes('CANARYinbox'), 30_000);
}

/** Everything a stranger can do to get an answer. */
async function provoke(): Promise<void> {
  const hook = `${service.url}/webhooks/messenger/acme-page`;
  const good = envelope([item(psid, 'CANARYtext')]);
  const requests: [string, RequestInit?][] = [
    [hook, { method: 'POST', body: good }],
    [hook, signed(good, 'wrong')],
    [hook, signed('{"object":"CANARYobject","entry":[]}', secrets.appSecret)],
    [hook, signed('CANARYnotjson', secrets.appSecret)],
    [hook, signed(envelope([{ sender: { id: psid }, CANARYkey: 'CANARYvalue' }]), secrets.appSecret)],
    [hook, signed(envelope([item(psid, 'CANARYunrouted')], '999'), secrets.appSecret)],
    [`${hook}?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1`],
    [`${service.url}/webhooks/zendesk/acme-zendesk`, { method: 'POST', body: '{"ticket_id":"CANARYticket"}' }],
    [`${service.url}/metrics`],
    [`${service.url}/health/ready`],
    [`${service.url}/health/live`],
    [`${service.url}/`],
    [`${service.url}/%E0%A4%A`],
  ];
  for (const [url, request] of requests) await ask(url, request);
}

async function ask(url: string, request?: RequestInit): Promise<number> {
  const answer = await fetch(url, request);
  answers.push(`${answer.status} ${[...answer.headers].join()} ${await answer.text()}`);
  return answer.status;
}

const post = (text: string, from = psid) =>
  ask(`${service.url}/webhooks/messenger/acme-page`, signed(envelope([item(from, text)]), secrets.appSecret));

/** Postgres refuses rows, and says in its message and its detail what they held: at the door, and in jobs. */
async function breakTheLedger(): Promise<void> {
  const admin = new pg.Client(database.url);
  await admin.connect();
  const refusing = (table: string, text: string) => `
    create function refuse_${table}() returns trigger language plpgsql as $$ begin
      raise exception 'invalid input syntax: "%"', to_jsonb(new) using errcode = '22P02', detail = to_jsonb(new)::text;
    end $$;
    create trigger refuse_${table} before insert on ${table}
      for each row when (to_jsonb(new)::text like '%${text}%') execute function refuse_${table}()`;
  await admin.query(refusing('events', 'CANARYpoison'));
  await admin.query(refusing('messages', 'CANARYrefused'));
  expect(await post('CANARYpoison')).toBe(200);
  expect(await post('CANARYrefused', '4242002')).toBe(200);
  await until('it could not be applied', () => service.log().includes('"event":"event.parked"'), 60_000);
  await admin.query('drop trigger refuse_messages on messages; drop trigger refuse_events on events');
  await admin.end();
}

/** Webhooks, jobs and whoever asks find the database away; then it is back. */
async function takeTheDatabaseAway(): Promise<void> {
  proxy.become('refuses');
  expect(await post('CANARYaway')).toBe(503);
  expect(await ask(`${service.url}/health/ready`)).toBe(503);
  await ask(`${service.url}/metrics`);
  proxy.become('passes');
  await until('it is taken', async () => (await post('CANARYaway')) === 200, 30_000);
  await until('it is over', () => service.log().includes('"event":"database.back"'), 30_000);
}

const failures = [
  'webhook.set-aside',
  'event.not-applied',
  'event.parked',
  'database.away',
  'database.back',
  'reply.parked',
];

test('the conversation took place, and was logged', () => {
  expect(spoken().join()).toMatch(/CANARYtext[\s\S]*CANARYcaption/);
  const events = new Set(service.log().match(/"event":"[^"]+"/g));
  for (const event of [
    'service.started',
    'comment.written',
    'reply.attempted',
    'history.recorded',
    'webhook.refused',
    ...failures,
  ])
    expect(events).toContain(`"event":"${event}"`);
  expect(answers.length).toBeGreaterThan(18);
});

const places: [string, () => string[]][] = [
  ['the log', () => service.log().split('\n')],
  ['what anybody may read', () => answers],
];

test.each(places)(
  '%s holds no word of a customer or agent, no name, no file name, no token and no secret',
  (_, lines) => {
    expect(lines().filter((line) => /CANARY/i.test(line))).toEqual([]);
  },
);

test.each(places)('%s holds no proof or signature made from a secret', (_, lines) => {
  expect(lines().filter((line) => /appsecret_proof|access_token|sha256=|Bearer |Basic /i.test(line))).toEqual([]);
});

test('every line of the log is one JSON object with a time, a level and an event', () => {
  const lines = service
    .log()
    .split('\n')
    .filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) {
    expect(JSON.parse(line)).toMatchObject({
      time: expect.any(String),
      level: expect.any(Number),
      event: expect.stringMatching(/^[a-z-]+\.[a-z-]+$/),
    });
  }
});

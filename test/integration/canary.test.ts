import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freshDatabase } from '../support/database.ts';
import { envelope, item, signed } from '../support/meta-webhook.ts';
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
/** Answers of the service to anybody who asks. */
const answers: string[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  service = await prepareService({ databaseUrl: database.url, logLevel: 'debug', secrets });
  await service.start();
  await converse();
  await provoke();
  await service.end('SIGTERM');
}, 120_000);
afterAll(async () => {
  await service?.close();
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
  for (const [url, request] of requests) {
    const answer = await fetch(url, request);
    answers.push(`${answer.status} ${[...answer.headers].join()} ${await answer.text()}`);
  }
}

test('the conversation took place, and was logged', () => {
  expect(spoken().join()).toMatch(/CANARYtext[\s\S]*CANARYcaption/);
  const events = new Set(service.log().match(/"event":"[^"]+"/g));
  for (const event of ['service.started', 'comment.written', 'reply.attempted', 'history.recorded', 'webhook.refused'])
    expect(events).toContain(`"event":"${event}"`);
  expect(answers.length).toBe(13);
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

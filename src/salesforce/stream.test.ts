import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { salesforceAccount } from '../crms/salesforce/account.ts';
import { startTestOrg, type TestOrg } from '../sandbox/salesforce/org-for-tests.ts';
import { type Connection, openConnection } from './connection.ts';
import { type ListenEnd, listenTo } from './stream.ts';

let org: TestOrg;
let connection: Connection;
let stop: AbortController;
let caseId: string;
beforeAll(async () => {
  org = await startTestOrg();
});
beforeEach(() => {
  org.simulator.reset();
  stop = new AbortController();
  connection = openConnection(salesforceAccount.parse(org.settings), org.tools);
  caseId = org.simulator.add('Case', { Subject: 'A chat' });
});
afterEach(() => stop.abort());
afterAll(() => org.close());

interface Heard {
  replayIds: number[];
  payloads: Record<string, unknown>[];
  end: Promise<ListenEnd>;
}

function listen(after?: number, channel = '/event/Passerelle_Case_Event__e'): Heard {
  const heard: Omit<Heard, 'end'> = { replayIds: [], payloads: [] };
  const end = listenTo(connection, org.tools.http, '62.0', {
    channel,
    after,
    signal: stop.signal,
    onEvents: async (events) => {
      heard.replayIds.push(...events.map(({ replayId }) => replayId));
      heard.payloads.push(...events.map(({ payload }) => payload));
    },
  });
  return { ...heard, end };
}

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; !what(); tries++) {
    if (tries > 500) throw new Error('it did not come');
    await wait(10);
  }
}
const listening = () => until(() => org.simulator.events.listening() === 1);
const says = (text: string) => org.simulator.agentWrites(caseId, { text, public: true });

test('hears of a public comment as it is written, of a note not', async () => {
  const heard = listen();
  await listening();
  org.simulator.agentWrites(caseId, { text: 'a note', public: false });
  says('an answer');
  await until(() => heard.payloads.length === 1);
  expect(heard.payloads).toEqual([expect.objectContaining({ Case_Id__c: caseId })]);
  stop.abort();
  expect(await heard.end).toEqual({ result: 'stopped' });
});

test('what was published while nobody listened comes when one listens on from the last', async () => {
  const first = listen();
  await listening();
  says('one');
  await until(() => first.replayIds.length === 1);
  stop.abort();
  await first.end;
  says('two');
  says('three');
  stop = new AbortController();
  const second = listen(first.replayIds[0]);
  await until(() => second.replayIds.length === 2);
  expect(second.replayIds.every((id) => id > first.replayIds[0]!)).toBe(true);
});

test.each([
  ['is forgotten by the server', () => org.simulator.events.forgetClients()],
  [
    'has a token that expired',
    () => {
      org.simulator.expireSession();
      org.simulator.events.forgetClients();
    },
  ],
])('one that %s goes on, without hearing anything twice', async (_, happens) => {
  const heard = listen();
  await listening();
  says('one');
  await until(() => heard.replayIds.length === 1);
  await listening();
  happens();
  says('two');
  await until(() => heard.replayIds.length === 2);
  await listening();
  says('three');
  await until(() => heard.replayIds.length === 3);
  expect(new Set(heard.replayIds).size).toBe(3);
});

test('a place that is no longer kept is told', async () => {
  says('one');
  org.simulator.events.forgetPast();
  expect(await listen(1_000_000).end).toEqual({ result: 'place-lost' });
});

test.each([
  ['a channel there is none of', () => listen(undefined, '/event/Nothing__e'), 'never'],
  [
    'a connection that breaks',
    () => {
      org.simulator.inject({ kind: 'reset-before', path: '/cometd', times: 1 });
      return listen();
    },
    'later',
  ],
  [
    'a server out of order',
    () => {
      org.simulator.inject({ kind: '503', path: '/cometd', times: 1 });
      return listen();
    },
    'later',
  ],
  [
    'a login that is refused',
    () => {
      org.simulator.refuseLogin(true);
      return listen();
    },
    'account-broken',
  ],
])('%s ends it', async (_, begin, result) => {
  expect((await begin().end).result).toBe(result);
});

test('a token that is refused even after a new login does not make it ask for ever', async () => {
  org.simulator.inject({ kind: 'expired-token', path: '/cometd', times: 100 });
  expect(await listen().end).toMatchObject({ result: 'account-broken' });
  expect((await org.calls()).filter((call) => call.includes('/cometd')).length).toBeLessThan(5);
});

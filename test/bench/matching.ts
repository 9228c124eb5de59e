import { createHmac } from 'node:crypto';
import { startSalesforceSimulator } from '../../src/sandbox/salesforce/simulator.ts';
import { account, startServiceProcess } from './service-process.ts';

export interface Matching {
  contacts: number;
  customers: number;
  /** Seconds to make the org. */
  seeded: number;
  /** Of a customer's first words and of their next: searches of the org for each customer, and milliseconds until the history is there. */
  first: Round;
  then: Round;
  /** Customers whose history is not their own contact's. */
  wrong: number;
}

export interface Round {
  searches: number;
  median: number;
  slowest: number;
}

type Org = Awaited<ReturnType<typeof startSalesforceSimulator>>;

/** Customers who tell their e-mail, one after the other, to a service whose org holds so many contacts. */
export async function measureMatching(contacts: number, customers: number): Promise<Matching> {
  const org = await startSalesforceSimulator({ clientId: 'client', clientSecret: 'secret' });
  const startedAt = performance.now();
  const step = Math.floor(contacts / customers);
  const ids = seed(org, contacts, step, customers);
  const seeded = (performance.now() - startedAt) / 1000;
  const service = await startServiceProcess({ salesforceUrl: org.url });
  try {
    // The first login and the loading of the library are nobody's.
    await says(service.hook, 0, 'warm', `nobody@example.com`);
    await until(() => tasksOf(org).size === 1);
    const first = await round(service.hook, org, step, customers, 'first');
    const then = await round(service.hook, org, step, customers, 'next');
    const tasks = [...tasksOf(org).values()];
    const wrong = customers - ids.filter((id) => tasks.filter(({ WhoId }) => WhoId === id).length === 1).length;
    return { contacts, customers, seeded, first, then, wrong };
  } finally {
    await service.stop();
    await org.close();
  }
}

/** Returns the ids of those contacts who will write. */
function seed(org: Org, contacts: number, step: number, customers: number): string[] {
  const ids: string[] = [];
  for (let n = 0; n < contacts; n++) {
    const Phone = `+1415${String(n).padStart(7, '0')}`;
    const id = org.add('Contact', { LastName: `Person ${n}`, Email: emailOf(n), Phone });
    if (n % step === 0 && ids.length < customers) ids.push(id);
  }
  return ids;
}

const emailOf = (n: number): string => `person${n}@example.com`;

const tasksOf = (org: Org) => new Map(org.records('Task').map((task) => [task.Id, task]));

async function round(hook: string, org: Org, step: number, customers: number, words: string): Promise<Round> {
  const took: number[] = [];
  const before = searchesOf(org);
  for (let n = 0; n < customers; n++) {
    const text = `${words} ${n}.`;
    const at = performance.now();
    await says(hook, n + 1, text, emailOf(n * step));
    await until(() => org.records('Task').some((task) => String(task['Description']).includes(text)));
    took.push(performance.now() - at);
  }
  took.sort((a, b) => a - b);
  const searches = (searchesOf(org) - before) / customers;
  return { searches, median: took[Math.floor(took.length / 2)] ?? 0, slowest: took.at(-1) ?? 0 };
}

/** Requests of the service that read the org. */
const searchesOf = (org: Org): number =>
  org.requests.filter(
    ({ method, path }) => /\/query\b/.test(path) || (method === 'POST' && path.endsWith('/composite')),
  ).length;

let mids = 0;

async function says(hook: string, customer: number, text: string, email: string): Promise<void> {
  const at = Date.now();
  const message = { mid: `m_match_${++mids}`, text, quick_reply: { payload: email } };
  const item = {
    sender: { id: String(800_000 + customer) },
    recipient: { id: account.pageId },
    timestamp: at,
    message,
  };
  const body = JSON.stringify({ object: 'page', entry: [{ id: account.pageId, time: at, messaging: [item] }] });
  const signature = createHmac('sha256', account.appSecret).update(body).digest('hex');
  await fetch(hook, { method: 'POST', body, headers: { 'x-hub-signature-256': `sha256=${signature}` } });
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('the history did not come within a minute');
    await new Promise((next) => setTimeout(next, 5));
  }
}

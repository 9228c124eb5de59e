import { load } from './door.ts';
import { residentMegabytes, startServiceProcess, sum } from './service-process.ts';
import { startZendeskStub } from './zendesk-stub.ts';

export interface Drain {
  messages: number;
  conversations: number;
  seconds: number;
  /** What the limits allow at best, in seconds. */
  least: number;
  calls: number;
  /** Answers 429: each is a call that should have waited. */
  refused: number;
  lost: number;
  doubled: number;
  /** Resident memory before and its highest during the drain. */
  before: number;
  highest: number;
  /** Milliseconds, of webhooks that came meanwhile. */
  doorP99: number;
}

const limits = { callsPerMinute: 700, updatesPerMinute: 100 };

/**
 * An hour's backlog (10 messages a second) that gathered while Zendesk was away, brought to a Zendesk that answers in 50 ms
 * within its usual limits. Each new customer costs two calls at least: the user and the ticket.
 */
export async function measureDrain(messages: number, customers: number): Promise<Drain> {
  const zendesk = await startZendeskStub(50, { ...limits, away: true });
  const service = await startServiceProcess({ zendeskUrl: zendesk.url, graphUrl: zendesk.url, limited: true });
  try {
    let taken = 0;
    while (taken < messages) {
      const most = messages - taken;
      taken += (await load({ url: service.hook, connections: 16, customers, seconds: 60, most, from: taken })).answered;
    }
    await applied(service.url, taken);
    const before = await residentMegabytes(service.url);
    const startedAt = performance.now();
    zendesk.comeBack();
    let highest = before;
    const memory = setInterval(async () => {
      highest = Math.max(highest, await residentMegabytes(service.url).catch(() => 0));
    }, 5_000);
    const beside = load({
      url: service.hook,
      connections: 2,
      customers: 1,
      seconds: 30,
      from: 10_000_000,
      pauseMs: 20,
    });
    while (backlogOf(zendesk.written, taken) > 0) await new Promise((next) => setTimeout(next, 200));
    const seconds = (performance.now() - startedAt) / 1000;
    clearInterval(memory);
    const doubled = [...zendesk.written.values()].filter((times) => times > 1).length;
    const least = ((customers * 2) / limits.callsPerMinute) * 60;
    const { calls, refused } = zendesk.counted();
    const doorP99 = (await beside).p99;
    const lost = backlogOf(zendesk.written, taken);
    return {
      messages: taken,
      conversations: customers,
      seconds,
      least,
      calls,
      refused,
      lost,
      doubled,
      before,
      highest,
      doorP99,
    };
  } finally {
    await service.stop();
    zendesk.close();
  }
}

/** Of the messages that were there when it came back, how many are not written yet. */
function backlogOf(written: ReadonlyMap<number, number>, taken: number): number {
  let left = taken;
  for (const n of written.keys()) if (n < 10_000_000) left--;
  return left;
}

async function applied(url: string, messages: number): Promise<void> {
  const deadline = Date.now() + 300_000;
  while ((await sum(url, 'passerelle_backlog')) < messages) {
    if (Date.now() > deadline) throw new Error('the backlog was not in the ledger within 5 minutes');
    await new Promise((next) => setTimeout(next, 500));
  }
}

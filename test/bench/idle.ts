import { createHmac } from 'node:crypto';
import { account, startServiceProcess } from './service-process.ts';
import { startZendeskStub } from './zendesk-stub.ts';

/** Milliseconds from sending a webhook to an idle system until Zendesk is asked for the ticket; one customer each. */
export async function measureIdleToTicket(times: number): Promise<number[]> {
  const zendesk = await startZendeskStub();
  const service = await startServiceProcess({ zendeskUrl: zendesk.url });
  const took: number[] = [];
  try {
    for (let n = 0; n < times; n++) took.push(await one(service.hook, zendesk.created, n));
    return took.sort((a, b) => a - b);
  } finally {
    await service.stop();
    zendesk.close();
  }
}

/** Of customer `n`, who must not have written before. */
export async function one(hook: string, created: Map<string, number>, n: number): Promise<number> {
  const text = `Idle ${n}`;
  const at = Date.now();
  const message = { mid: `m_idle_${n}`, text };
  const item = { sender: { id: String(700_000 + n) }, recipient: { id: account.pageId }, timestamp: at, message };
  const body = JSON.stringify({ object: 'page', entry: [{ id: account.pageId, time: at, messaging: [item] }] });
  const signature = createHmac('sha256', account.appSecret).update(body).digest('hex');
  const startedAt = performance.now();
  await fetch(hook, { method: 'POST', body, headers: { 'x-hub-signature-256': `sha256=${signature}` } });
  while (!created.has(text)) await new Promise((next) => setTimeout(next, 1));
  await new Promise((next) => setTimeout(next, 300));
  return created.get(text)! - startedAt;
}

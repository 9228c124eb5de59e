import { load } from './door.ts';
import { startServiceProcess } from './service-process.ts';
import { startZendeskStub } from './zendesk-stub.ts';

export interface Throughput {
  messages: number;
  /** From the first webhook sent to the last message in a comment. */
  seconds: number;
  lost: number;
  doubled: number;
  comments: number;
}

/** Webhook to comment: 200 customers over 16 connections, and a Zendesk without limits that takes 20 ms for each answer. */
export async function measureThroughput(seconds: number): Promise<Throughput> {
  const zendesk = await startZendeskStub(20);
  const service = await startServiceProcess({ zendeskUrl: zendesk.url, graphUrl: zendesk.url });
  try {
    const startedAt = performance.now();
    const { answered } = await load({ url: service.hook, connections: 16, customers: 200, seconds });
    await allWritten(zendesk.written, answered);
    const took = (performance.now() - startedAt) / 1000;
    const lost = answered - zendesk.written.size;
    const doubled = [...zendesk.written.values()].filter((times) => times > 1).length;
    return { messages: answered, seconds: took, lost, doubled, comments: zendesk.comments() };
  } finally {
    await service.stop();
    zendesk.close();
  }
}

async function allWritten(written: ReadonlyMap<number, number>, messages: number): Promise<void> {
  const deadline = Date.now() + 180_000;
  while (written.size < messages && Date.now() < deadline) await new Promise((next) => setTimeout(next, 20));
}

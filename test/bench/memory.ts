import { startSalesforceSimulator } from '../../src/sandbox/salesforce/simulator.ts';
import { load } from './door.ts';
import { startServiceProcess, sum } from './service-process.ts';
import { startZendeskStub } from './zendesk-stub.ts';

export interface Memory {
  idle: number;
  /** After the messages were taken in and everything that waits for Zendesk (and Salesforce) has arrived. */
  after: number;
  messages: number;
  /** How long all of it took, in seconds. */
  seconds: number;
}

/** Resident megabytes of the service before and after `messages`, brought to Zendesk and, if wanted, Salesforce. */
export async function measureMemory(messages: number, withSalesforce: boolean): Promise<Memory> {
  const zendesk = await startZendeskStub();
  const salesforce = withSalesforce
    ? await startSalesforceSimulator({ clientId: 'client', clientSecret: 'secret' })
    : undefined;
  const service = await startServiceProcess({
    zendeskUrl: zendesk.url,
    ...(salesforce ? { salesforceUrl: salesforce.url } : {}),
  });
  try {
    const idle = await service.megabytes();
    const startedAt = performance.now();
    let taken = 0;
    while (taken < messages) {
      taken += (await load({ url: service.hook, connections: 16, customers: 500, seconds: 1 })).answered;
    }
    await drained(service.url);
    const seconds = (performance.now() - startedAt) / 1000;
    return { idle, after: await service.megabytes(), messages: taken, seconds };
  } finally {
    await service.stop();
    zendesk.close();
    await salesforce?.close();
  }
}

async function drained(url: string): Promise<void> {
  const deadline = Date.now() + 300_000;
  for (let quiet = 0; quiet < 4; ) {
    quiet = (await sum(url, 'passerelle_backlog')) === 0 ? quiet + 1 : 0;
    if (Date.now() > deadline) throw new Error('the backlog was not drained within 5 minutes');
    await new Promise((next) => setTimeout(next, 250));
  }
}

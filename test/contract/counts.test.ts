import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silentLog } from '../../src/kit/log.ts';
import { asVerified } from '../../src/kit/webhook.ts';
import { sampledChannels } from '../support/channel-samples.ts';
import { startChannelsDoor } from '../support/channels-door.ts';
import { metric } from '../support/metric.ts';

const channels = await sampledChannels();
let door: Awaited<ReturnType<typeof startChannelsDoor>>;
beforeAll(async () => {
  door = await startChannelsDoor(channels, silentLog);
}, 30_000);
afterAll(() => door?.stop());

const counted = (channel: string, outcome?: string) =>
  metric(door.url, 'passerelle_events_total', { channel, ...(outcome ? { outcome } : {}) });
const kept = async (kind: string): Promise<number> => {
  const rows = await door.db.selectFrom('events').select(['account', 'webhook']).execute();
  const webhooks = await door.db.selectFrom('webhooks').select(['id', 'source']).execute();
  const own = new Set(webhooks.filter(({ source }) => source === `channel:${kind}`).map(({ id }) => String(id)));
  return rows.filter(({ webhook }) => own.has(String(webhook))).length;
};

describe.each(channels.map((each) => [each.kind, each] as const))('%s', (kind, sampled) => {
  const { channel, sample, bodies } = sampled;
  const account = channel.account.parse(sample.account);
  const toldBy = (body: Buffer): number => {
    const received = channel.receive(asVerified(sample.sign(body)), account);
    if ('malformed' in received) throw new Error(received.malformed);
    return received.events.length;
  };

  test('every event of every batch is counted and kept; delivered again, each is a repeat and nothing is kept twice', async () => {
    let told = 0;
    for (const body of bodies) {
      expect(toldBy(body)).toBeGreaterThan(0);
      told += toldBy(body);
      expect(await door.post(sampled, body)).toBe(200);
      expect(await counted(kind)).toBe(told);
    }
    const first = await kept(kind);
    // Some real bodies tell the same event again: what is not kept is counted as a repeat.
    expect(first + (await counted(kind, 'repeat'))).toBe(told);

    for (const body of bodies) expect(await door.post(sampled, body)).toBe(200);
    expect(await counted(kind)).toBe(2 * told);
    expect(await counted(kind, 'repeat')).toBe(2 * told - first);
    expect(await kept(kind)).toBe(first);
  });

  test('what is forged is counted as refused, and none of its events', async () => {
    const [body] = bodies as [Buffer];
    const before = await counted(kind);
    const answer = await fetch(`${door.url}/webhooks/${kind}/acme-page`, {
      method: 'POST',
      body: new Uint8Array(body),
    });
    expect(answer.status).toBe(401);
    expect(await counted(kind)).toBe(before);
    const refused = { channel: kind, reason: 'forged' };
    expect(await metric(door.url, 'passerelle_webhooks_refused_total', refused)).toBe(1);
  });
});

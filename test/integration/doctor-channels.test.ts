import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as sandboxes from '../../src/sandbox/channels.ts';
import type { ChannelSandbox } from '../../src/sandbox/contract.ts';
import { type ChannelsProduct, startChannelsProduct } from '../support/channel-product.ts';
import { commandLine } from '../support/command-line.ts';

const played = Object.values<ChannelSandbox>(sandboxes);

let product: ChannelsProduct;
beforeAll(async () => {
  product = await startChannelsProduct(played);
});
afterAll(() => product?.stop());

interface Told {
  account: string;
  ok: boolean;
  warning?: true;
  what: string;
  why?: string;
  fix?: string;
  matters?: string;
}

/** What is told of one account. */
async function doctor(id: string, ...args: string[]) {
  const { out } = await commandLine(product.file, product.databaseUrl, ['doctor', '--json', ...args]);
  const lines = out.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Told).filter(({ account }) => account === id);
}
const bad = (told: Told[]) => told.filter(({ ok }) => !ok);
const concerns = (told: Told[]) => told.filter(({ ok, warning }) => !ok || warning);

describe.each(played.map(({ kind }) => [kind]))('%s', (kind) => {
  const id = `acme-${kind}`;
  const own = () => product.played.find((each) => each.id === id)!;

  test('is well; a dead token is told with why it matters and what to do; and is gone once it lives', async () => {
    const well = await doctor(id);
    expect(well.length).toBeGreaterThan(0);
    expect(bad(well)).toEqual([]);
    own().platform.expireToken(true);
    const told = bad(await doctor(id));
    own().platform.expireToken(false);
    expect(told.length).toBeGreaterThan(0);
    for (const finding of told)
      expect(finding).toMatchObject({ why: expect.any(String), fix: expect.any(String), matters: expect.any(String) });
    expect(bad(await doctor(id))).toEqual([]);
  });

  test('one that delivers elsewhere is told where that can be seen, and mended from here', async () => {
    const { platform, webhookUrl } = own();
    platform.setWebhookUrl('http://127.0.0.1:9/elsewhere');
    const compared = await commandLine(product.file, undefined, ['provision', id, '--dry-run', '--json']);
    const seen = (JSON.parse(compared.out) as { state: string }).state === 'differs';
    const told = await doctor(id);
    const fixed = seen ? await doctor(id, '--fix') : [];
    const again = seen ? await doctor(id) : [];
    platform.setWebhookUrl(webhookUrl);
    expect(concerns(told).length > 0).toBe(seen);
    expect([bad(fixed), concerns(again)]).toEqual([[], []]);
  });
});

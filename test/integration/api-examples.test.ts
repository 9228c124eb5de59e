import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signWebhook } from '../../src/kit/webhook-signature.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

const folder = join(import.meta.dirname, '../../docs/examples');
const key = 'a-key-for-examples-0123456789';
let product: Product;
beforeAll(async () => {
  product = await startProduct({
    settings: { api: { keys: [{ name: 'shop', key, scopes: ['links', 'privacy', 'orders'] }] } },
  });
});
afterAll(() => product?.stop());

async function run(file: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, PASSERELLE_URL: product.url, PASSERELLE_KEY: key, NODE_OPTIONS: '' };
  const program = file.endsWith('.sh') ? 'bash' : process.execPath;
  const { stdout } = await promisify(execFile)(program, [join(folder, file), ...args], { env, timeout: 50_000 });
  return stdout;
}

const tried = new Set<string>();
const example = (file: string, act: () => Promise<void>) => {
  tried.add(file);
  test(file, act);
};

for (const file of ['links.sh', 'links.ts'])
  example(file, async () => {
    const said = await run(file, `customer-${file.replace('.', '-')}`);
    expect(said).toContain('https://m.me/555?ref=');
    expect(said).toMatch(/"state":"\w+"|"used":/);
  });

for (const [n, file] of ['privacy.sh', 'privacy.ts'].entries())
  example(file, async () => {
    const [psid, email] = [`880${n}`, `example-${n}@example.com`];
    product.messenger.addCustomer({ psid, name: 'Ida' });
    await deliver(product.url, [item(psid, `I am ${email}`)]);
    await until('the fact', () =>
      product.db.selectFrom('facts').select('id').where('value', '=', email).executeTakeFirst(),
    );
    const said = await run(file, email);
    expect(said).toMatch(/done/);
    expect(said).toContain('helpdesk:acme-zendesk');
    expect(await product.db.selectFrom('facts').select('id').where('value', '=', email).execute()).toEqual([]);
  });

example('tell-order.sh', async () => {
  const event = JSON.parse(await readFile(join(folder, 'order-shipped.json'), 'utf8')) as object;
  const file = join(product.folder, 'event.json');
  await writeFile(file, JSON.stringify({ ...event, occurredAt: new Date().toISOString() }));
  const said = await run('tell-order.sh', file);
  expect(said).toContain('"result":"taken"');
  expect(said).toContain('"event":"order.shipped"');
  expect(await run('tell-order.sh', file)).toContain('"result":"repeat"');
});

example('receive-webhooks.ts', async () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const env = { ...process.env, SHOP_WEBHOOK_SECRET: secret, NODE_OPTIONS: '' };
  const server: ChildProcess = spawn(process.execPath, [join(folder, 'receive-webhooks.ts')], { env });
  try {
    let said = '';
    server.stdout!.on('data', (piece) => {
      said += piece;
    });
    const port = await until('the server', () => /listening (\d+)/.exec(said)?.[1]);
    const body = JSON.stringify({ id: 'whk_1', type: 'notice.sent', data: { notice: 1 } });
    const post = (headers: object) =>
      fetch(`http://127.0.0.1:${port}`, { method: 'POST', body, headers: { ...headers } as Record<string, string> });
    expect((await post(signWebhook(secret, 'whk_1', new Date(), body))).status).toBe(204);
    expect((await post(signWebhook(secret, 'whk_1', new Date(0), body))).status).toBe(401);
    expect((await post(signWebhook('another', 'whk_1', new Date(), body))).status).toBe(401);
    await until('what it says', () => said.includes('notice.sent {"notice":1}'));
  } finally {
    server.kill();
  }
});

test('every example is tried', () => {
  // Those of orders by orders-api.test.ts.
  const elsewhere = ['README.md', 'tell-order.ts', 'order-shipped.json'];
  const files = readdirSync(folder).filter((file) => !elsewhere.includes(file));
  expect(files.filter((file) => !tried.has(file))).toEqual([]);
});

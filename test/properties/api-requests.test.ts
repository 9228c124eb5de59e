import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiScopes } from '../../src/kit/api-scopes.ts';
import { type Product, startProduct } from '../support/product.ts';
import { type Known, type Schema, valuesOf } from '../support/schema-arbitrary.ts';
import { until } from '../support/until.ts';

interface Described {
  operationId: string;
  parameters?: { name: string; in: 'path' | 'query' | 'header'; schema: Schema }[];
  requestBody?: { content: { 'application/json': { schema: Schema } } };
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
}

// One key takes 600 requests a minute.
const keys = Array.from({ length: 12 }, (_, n) => ({
  name: `k${n}`,
  key: `a-key-of-many-${n}-0123456789`,
  scopes: [...apiScopes],
}));
let folder: string;
let product: Product;
let document: Document;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-requests-'));
  await mkdir(join(folder, 'autumn'));
  await writeFile(join(folder, 'autumn', 'en.liquid'), 'Autumn is here: {{ campaign.code }}');
  product = await startProduct({ settings: { api: { keys }, notices: { texts: folder } } });
  document = (await (await fetch(`${product.url}/v1/openapi.json`)).json()) as Document;
  await populate();
});
afterAll(async () => {
  await product?.stop();
  await rm(folder, { recursive: true, force: true });
});

const psids = ['501', '502', '503'];
const order = { number: 'N-1', currency: 'EUR', total: 900 };
const wish = { name: 'Autumn', purpose: 'marketing', texts: 'autumn' };

/** What requests can find: customers in a chat, an order and its notice, campaigns, a link, a version of the mapping. */
async function populate(): Promise<void> {
  for (const psid of psids) {
    product.messenger.addCustomer({ psid, name: `Person ${psid}` });
    await product.messenger.customerSends(psid, { type: 'text', text: 'Hello' });
  }
  const made = {
    '/v1/orders/events': { type: 'paid', order, customer: { customerId: 'C-1' } },
    '/v1/links': { customerId: 'C-1' },
    '/v1/mapping/versions': { text: '{}', comment: 'first' },
  };
  const all: [string, object][] = [...Object.entries(made), ...Array(3).fill(['/v1/campaigns', wish])];
  for (const [path, body] of all) {
    const response = await fetch(`${product.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${keys[0]!.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([path, response.status, await response.text()]).toEqual([
      path,
      expect.toBeOneOf([200, 201, 202]),
      expect.anything(),
    ]);
  }
  await until('the conversations', async () => {
    const { length } = await product.db.selectFrom('conversations').select('id').execute();
    return length === psids.length;
  });
}

const time = '2026-03-01T10:00:00Z';
const known: Known = {
  ...{
    id: [1, 2, 3],
    customer: [1, 2, 3, { customerId: 'C-1' }],
    other: [2],
    conversation: [1, 2, 3],
    message: [1, 2, 3],
    customers: [[1], [2]],
  },
  ...{
    number: ['N-1', 1],
    customerId: ['C-1'],
    account: ['acme-page'],
    platformUser: psids,
    email: ['ida@example.com'],
  },
  ...{
    channel: ['messenger', '*'],
    language: ['en', 'fr'],
    phone: ['+4790000000'],
    currency: ['EUR'],
    target: ['crm:x'],
  },
  ...{ purpose: ['marketing', 'order-updates'], texts: ['autumn'], name: ['order.paid'], type: ['order.paid'] },
  ...{ within: ['90d'], leaveOutBuyersFor: ['30d'], wroteWithin: ['7d'], expiresAfter: ['2d'], expiresIn: ['2d'] },
  ...{ startAt: [time], at: [time], occurredAt: [time], since: [time], until: [time], placedAt: [time] },
  ...{ from: [1], to: [1], limit: [10], words: ['Tell me'], variables: [{ code: 'LEAVES' }] },
};

test('the document is OpenAPI 3.1', async () => {
  const validator = new Validator();
  const checked = await validator.validate(structuredClone(document) as never);
  expect(checked.errors ?? []).toEqual([]);
  expect([checked.valid, validator.version]).toEqual([true, '3.1']);
});

interface Asked {
  operation: string;
  method: string;
  url: string;
  body?: string;
}

/** A request for one of the operations: as described, or broken in some way. */
function requests(): fc.Arbitrary<Asked> {
  const all = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({ path, method, described })),
  );
  return fc.tuple(fc.constantFrom(...all), fc.boolean()).chain(([{ path, method, described }, odd]) => {
    const parameters = (described.parameters ?? []).filter((each) => each.in !== 'header');
    const values = fc.tuple(...parameters.map(({ schema, name }) => valuesOf(schema, odd, known, name)));
    const schema = described.requestBody?.content['application/json'].schema;
    const body = schema ? bodiesOf(schema, odd) : fc.constant(undefined);
    return fc.tuple(values, body, fc.integer({ min: 0, max: 3 })).map(([given, text, leave]) => ({
      ...{ operation: described.operationId, method: method.toUpperCase(), url: urlOf(path, parameters, given, leave) },
      ...(text === undefined ? {} : { body: text }),
    }));
  });
}

const bodiesOf = (schema: Schema, odd: boolean): fc.Arbitrary<string> => {
  const whole = valuesOf(schema, odd, known).map((value) => JSON.stringify(value) ?? 'null');
  return odd
    ? fc.oneof({ weight: 8, arbitrary: whole }, { weight: 1, arbitrary: fc.constantFrom('{', '', '[]', '"x"') })
    : whole;
};

function urlOf(path: string, parameters: { name: string; in: string }[], values: unknown[], leave: number): string {
  const query = new URLSearchParams();
  let filled = path;
  parameters.forEach(({ name, in: place }, n) => {
    const text = String(values[n] ?? '').toWellFormed();
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(text) || '%20');
    else if (n % 4 !== leave) query.set(name, text);
  });
  return `${filled}?${query}`;
}

test('no request, right or broken, meets a failure of the service; what is refused says what was wrong', async () => {
  let sent = 0;
  const statuses = new Map<string, Set<number>>();
  await fc.assert(
    fc.asyncProperty(requests(), async ({ operation, method, url, body }) => {
      const { key } = keys[sent++ % keys.length]!;
      const response = await fetch(`${product.url}${url}`, {
        method,
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        ...(body === undefined || method === 'GET' ? {} : { body }),
      });
      const answer = await response.text();
      expect({ url, body, answer, failed: response.status >= 500 }).toMatchObject({ failed: false });
      statuses.set(operation, (statuses.get(operation) ?? new Set()).add(response.status));
      if (response.status < 400) return;
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      expect(String((JSON.parse(answer) as { detail: string }).detail).length).toBeGreaterThan(5);
    }),
    { numRuns: 900, endOnFailure: true },
  );
  const operations = Object.values(document.paths)
    .flatMap(Object.values)
    .map(({ operationId }) => operationId);
  expect([...statuses.keys()].sort()).toEqual(operations.sort());
  // Not only refused.
  const answered = [...statuses].filter(([, each]) => [...each].some((status) => status < 400));
  expect(answered.length).toBeGreaterThan(20);
});

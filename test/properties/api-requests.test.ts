import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiScopes } from '../../src/kit/api-scopes.ts';
import { type Product, startProduct } from '../support/product.ts';
import { type Schema, valuesOf } from '../support/schema-arbitrary.ts';

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
let product: Product;
let document: Document;
beforeAll(async () => {
  product = await startProduct({ settings: { api: { keys } } });
  document = (await (await fetch(`${product.url}/v1/openapi.json`)).json()) as Document;
});
afterAll(() => product?.stop());

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
    const values = fc.tuple(...parameters.map(({ schema }) => valuesOf(schema, odd)));
    const schema = described.requestBody?.content['application/json'].schema;
    const body = schema ? bodiesOf(schema, odd) : fc.constant(undefined);
    return fc.tuple(values, body, fc.integer({ min: 0, max: 3 })).map(([given, text, leave]) => ({
      ...{ operation: described.operationId, method: method.toUpperCase(), url: urlOf(path, parameters, given, leave) },
      ...(text === undefined ? {} : { body: text }),
    }));
  });
}

const bodiesOf = (schema: Schema, odd: boolean): fc.Arbitrary<string> => {
  const whole = valuesOf(schema, odd).map((value) => JSON.stringify(value) ?? 'null');
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
  // Each was asked, and not only refused.
  const answered = [...statuses.values()].filter((each) => [...each].some((status) => status < 400)).length;
  expect(answered).toBeGreaterThan(5);
});

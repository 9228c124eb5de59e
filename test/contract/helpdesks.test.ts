import { createHmac } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Helpdesk, HelpdeskAccount } from '../../src/helpdesks/helpdesk.ts';
import * as registry from '../../src/helpdesks/registry.ts';
import { asVerified, type WebhookRequest } from '../../src/kit/webhook.ts';
import { fieldsWithoutWords, sampleHelpdesks } from './samples.ts';

const helpdesks = Object.values(registry) as unknown as Helpdesk[];
const now = new Date('2026-06-01T12:00:00Z');

/** Those that cannot sign show a secret: it proves who calls, and neither when nor what. */
const onlyShow = new Set(['salesforce']);

/** How each helpdesk proves a callback to be its own. A new one adds its own way. */
const signers: Readonly<Record<string, (body: Buffer, at: Date) => WebhookRequest>> = {
  salesforce: (body) => request(body, { authorization: 'Bearer CANARY-webhook-secret' }),
  zendesk: (body, at) => {
    const timestamp = at.toISOString().replace(/\.\d{3}Z$/, 'Z');
    const signature = createHmac('sha256', 'CANARY-webhook-secret').update(timestamp).update(body).digest('base64');
    return request(body, {
      'x-zendesk-webhook-signature': signature,
      'x-zendesk-webhook-signature-timestamp': timestamp,
    });
  },
};

const request = (body: Buffer, headers: Record<string, string> = {}): WebhookRequest => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  url: '',
  query: {},
  body,
});

const accountOf = (helpdesk: Helpdesk): HelpdeskAccount => helpdesk.account.parse(sampleHelpdesks[helpdesk.kind]);

test('there are helpdesks, and no two of one kind', () => {
  expect(helpdesks.length).toBeGreaterThan(0);
  expect(new Set(helpdesks.map(({ kind }) => kind)).size).toBe(helpdesks.length);
});

describe.each(helpdesks.map((helpdesk) => [helpdesk.kind, helpdesk] as const))('%s', (kind, helpdesk) => {
  test('has a kind fit for URLs and rows, a label, a folder with a README and tests', () => {
    expect(kind).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    expect(helpdesk.label).toMatch(/^\S.*\S$/);
    const folder = fileURLToPath(new URL(`../../src/helpdesks/${kind}`, import.meta.url));
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
    expect(readdirSync(folder).filter((name) => name.endsWith('.test.ts')).length).toBeGreaterThan(0);
  });

  test('its account describes every field, takes good settings and refuses what it does not know', () => {
    const sample = sampleHelpdesks[kind]!;
    expect(fieldsWithoutWords(helpdesk.account)).toEqual([]);
    expect(helpdesk.account.safeParse(sample).success).toBe(true);
    expect(helpdesk.account.safeParse({ ...sample, colour: 'blue' }).success).toBe(false);
    expect(helpdesk.account.safeParse({ ...sample, kind: 'other' }).success).toBe(false);
    expect(helpdesk.account.safeParse({ id: sample['id'], kind }).success).toBe(false);
  });

  test('no secret of its account shows when it is printed or warned about', () => {
    const account = accountOf(helpdesk);
    const printed = [JSON.stringify(account), ...Object.values(account), ...helpdesk.warnings(account)].join(' ');
    expect(printed).not.toContain('CANARY');
  });

  test('limits are such as a helpdesk can have', () => {
    expect(helpdesk.limits.commentLength).toBeGreaterThanOrEqual(1_000);
    expect(helpdesk.limits.attachmentBytes).toBeGreaterThanOrEqual(1_000_000);
  });

  test('a right signature is taken; without it, changed, too old or too new it is forged', () => {
    const account = accountOf(helpdesk);
    const sign = signers[kind]!;
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 200 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (bytes, at, by) => {
          const body = Buffer.from(bytes);
          const signed = sign(body, now);
          expect(helpdesk.verify(signed, account, now)).not.toBe('forged');
          const changed = Buffer.from(body);
          changed[at % changed.length]! ^= by;
          const wrong = { ...signed.headers, authorization: 'Bearer guessed' };
          if (onlyShow.has(kind)) expect(helpdesk.verify({ ...signed, headers: wrong }, account, now)).toBe('forged');
          expect(helpdesk.verify(request(body), account, now)).toBe('forged');
          if (onlyShow.has(kind)) return;
          expect(helpdesk.verify({ ...signed, body: changed }, account, now)).toBe('forged');
          const hour = 3_600_000;
          expect(helpdesk.verify(sign(body, new Date(now.getTime() - hour)), account, now)).toBe('forged');
          expect(helpdesk.verify(sign(body, new Date(now.getTime() + hour)), account, now)).toBe('forged');
        },
      ),
      { numRuns: 50 },
    );
  });

  test('any callback is read the same way twice, and none throws', () => {
    const readsWell = (body: Buffer): void => {
      const once = helpdesk.readCallback(asVerified(request(body)));
      expect(helpdesk.readCallback(asVerified(request(Buffer.from(body))))).toEqual(once);
      const hints = 'hints' in once ? once.hints : [];
      for (const hint of hints) expect([typeof hint.id, typeof hint.ticket]).toEqual(['string', 'string']);
    };
    const keys = fc.constantFrom('ticket_id', 'type', 'id', 'subject', 'detail', 'ticket', '__proto__');
    const alike = fc.dictionary(keys, fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.record({ id: fc.jsonValue() })));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => readsWell(Buffer.from(bytes))));
    fc.assert(fc.property(alike, (json) => readsWell(Buffer.from(JSON.stringify(json)))));
  });
});

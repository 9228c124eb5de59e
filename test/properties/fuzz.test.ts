import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readableText } from '../../src/helpdesks/zendesk/readable-text.ts';
import { asVerified } from '../../src/kit/webhook.ts';
import { accountKinds } from '../../src/main.ts';
import { checkAccounts } from '../../src/settings/accounts.ts';
import { check } from '../../src/settings/check.ts';
import { readMapping } from '../../src/settings/mapping.ts';
import { settingsSchema } from '../../src/settings/schema.ts';
import { parseYaml } from '../../src/settings/yaml-source.ts';
import type { Database } from '../../src/store/database.ts';
import { type SampledChannel, sampledChannels } from '../support/channel-samples.ts';
import { startChannelsDoor } from '../support/channels-door.ts';
import { keptLog } from '../support/kept-log.ts';
import { holds } from '../support/kept-seeds.ts';
import { metric } from '../support/metric.ts';
import { nearlyReal } from '../support/mutations.ts';

const channels = await sampledChannels();
const log = keptLog();
let door: Awaited<ReturnType<typeof startChannelsDoor>>;
let db: Database;
let url: string;

beforeAll(async () => {
  door = await startChannelsDoor(channels, log);
  ({ db, url } = door);
}, 30_000);
afterAll(() => door?.stop());

interface Posted {
  body: Buffer;
  status: number;
}

async function post(path: string, headers: Record<string, string>, body: Buffer): Promise<Posted> {
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: new Uint8Array(body) });
  await answer.arrayBuffer();
  return { body, status: answer.status };
}

const newest = async () =>
  (
    await db
      .selectFrom('webhooks')
      .select((q) => q.fn.max('id').as('id'))
      .executeTakeFirst()
  )?.id ?? 0;

/** Everything the door took in since: each webhook's bytes and what stands of it in the ledger. */
async function takenSince(id: number) {
  const webhooks = await db.selectFrom('webhooks').select(['id', 'body']).where('id', '>', id).execute();
  const events = await db.selectFrom('events').selectAll().where('webhook', '>', id).execute();
  return { bodies: webhooks.map(({ body }) => body.toString('hex')).sort(), events };
}

describe.each(channels.map((each) => [each.kind, each] as const))(
  '%s',
  (kind, { channel, sample, bodies }: SampledChannel) => {
    test('whatever it posts is taken in or refused; each event is counted once, and what is kept can be read back', async () => {
      const account = channel.account.parse(sample.account);
      const several = fc.array(nearlyReal(bodies, sample.fixtures), { minLength: 1, maxLength: 6 });
      await holds(
        `door:${kind}`,
        fc.asyncProperty(several, async (batch) => {
          const [before, counted] = [await newest(), await metric(url, 'passerelle_events_total', { channel: kind })];
          const posted = await Promise.all(batch.map((body) => postSigned(body)));
          expect(posted.map(({ status }) => status).filter((status) => status !== 200 && status !== 400)).toEqual([]);
          const taken = posted.filter(({ status }) => status === 200).map(({ body }) => body);
          const { bodies: kept, events } = await takenSince(before);
          expect(kept).toEqual(taken.map((body) => body.toString('hex')).sort());
          for (const { body, type, account: owner } of events) {
            expect(body).toMatchObject({ type, at: expect.stringMatching(/^\d{4}-|^[+-]\d{6}-/) });
            expect(owner).not.toBe('');
          }
          // What is read again from the bytes that were kept is what was counted, new or repeated.
          const told = taken.map((body) => channel.receive(asVerified(sample.sign(body)), account));
          const sum = told.reduce((all, each) => all + ('events' in each ? each.events.length : Number.NaN), 0);
          expect((await metric(url, 'passerelle_events_total', { channel: kind })) - counted).toBe(sum);
          expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
        }),
        60,
      );
    }, 60_000);

    function postSigned(body: Buffer): Promise<Posted> {
      const { headers, query, method } = sample.sign(body);
      expect(method).toBe('POST');
      const search = new URLSearchParams(query as Record<string, string>).toString();
      return post(`/webhooks/${kind}/acme-page${search && `?${search}`}`, headers as Record<string, string>, body);
    }
  },
);

const callbacks = [
  '{"ticket_id":"35436"}',
  '{"ticket":{"id":35436}}',
  '{"type":"zen:event-type:ticket.comment_added","id":"01H","subject":"zen:ticket:35436","time":"2026-01-01T00:00:00Z","detail":{"id":"35436","status":"OPEN"},"event":{"comment":{"id":"1","body":"x","is_public":true}}}',
  '{"type":"zen:event-type:user.created","id":"01J","subject":"zen:user:7","detail":{"id":"7"}}',
].map((text) => Buffer.from(text));

test('whatever Zendesk posts is a hint, nothing, or refused; what is kept can be read back', async () => {
  await holds(
    'door:zendesk',
    fc.asyncProperty(fc.array(nearlyReal(callbacks, '.json'), { minLength: 1, maxLength: 6 }), async (batch) => {
      const [before, counted] = [await newest(), await metric(url, 'passerelle_events_total', { channel: 'zendesk' })];
      const posted = await Promise.all(
        batch.map((body) => {
          const timestamp = new Date().toISOString();
          const signature = createHmac('sha256', 'CANARY-webhook-secret')
            .update(timestamp)
            .update(body)
            .digest('base64');
          const headers = {
            'x-zendesk-webhook-signature': signature,
            'x-zendesk-webhook-signature-timestamp': timestamp,
          };
          return post('/webhooks/zendesk/acme-zendesk', headers, body);
        }),
      );
      expect(posted.filter(({ status }) => status !== 200 && status !== 400)).toEqual([]);
      const taken = posted.filter(({ status }) => status === 200);
      const { bodies: kept, events } = await takenSince(before);
      expect(kept).toEqual(taken.map(({ body }) => body.toString('hex')).sort());
      for (const { body } of events) expect(body).toMatchObject({ type: 'callback', at: expect.any(String) });
      const grown = (await metric(url, 'passerelle_events_total', { channel: 'zendesk' })) - counted;
      expect(grown).toBeGreaterThanOrEqual(events.length);
      expect(grown).toBeLessThanOrEqual(taken.length);
    }),
    60,
  );
}, 60_000);

test('nothing had to be set aside as unreadable, and no request failed', () => {
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

// ---- Parsers alone ------------------------------------------------------------------------------------------------

const tags = [
  'p',
  'div',
  'b',
  'a',
  'ul',
  'li',
  'table',
  'tr',
  'td',
  'br',
  'img',
  'blockquote',
  'pre',
  'code',
  'script',
  'style',
  'h1',
  'span',
];
const html = fc
  .array(
    fc.oneof(
      fc.constantFrom(...tags).map((tag) => `<${tag}>`),
      fc.constantFrom(...tags).map((tag) => `</${tag}>`),
      fc
        .tuple(fc.constantFrom(...tags), fc.string({ unit: 'binary', maxLength: 10 }))
        .map(([tag, x]) => `<${tag} href="${x}" src='${x}' ${x}>`),
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.constantFrom(
        '&amp;',
        '&#0;',
        '&#x110000;',
        '&#xd800;',
        '&nbsp;',
        '&bogus;',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<',
        '>',
        '"',
        '<a href="javascript:alert(1)">x</a>',
      ),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

test('whatever HTML an agent’s comment holds, it becomes a text that can be stored', async () => {
  await holds(
    'readable-text',
    fc.asyncProperty(html, async (comment) => {
      const text = readableText({ html_body: comment });
      expect(typeof text).toBe('string');
      expect(text).not.toMatch(/<script|<style/i);
    }),
    400,
  );
});

test.each(['<div>', '<ul><li>', '<table><tr><td>', '<blockquote>', '<b>'])(
  '%s nested 20,000 deep does not end the process',
  (tag) => {
    expect(typeof readableText({ html_body: `${tag.repeat(20_000)}words` })).toBe('string');
  },
);

const exampleOf = (name: string) =>
  Buffer.from(
    JSON.stringify(parse(readFileSync(fileURLToPath(new URL(`../../config/${name}`, import.meta.url)), 'utf8'))),
  );

test('whatever a configuration holds, it is taken or its mistakes are told', async () => {
  await holds(
    'settings',
    fc.asyncProperty(nearlyReal([exampleOf('example.passerelle.yaml')], '.json'), async (bytes) => {
      for (const text of [bytes.toString('utf8'), asYaml(bytes)]) {
        const { source, mistakes } = parseYaml('/x/passerelle.yaml', text, {});
        if (!source) expect(mistakes.length).toBeGreaterThan(0);
        else {
          source.value ??= {};
          expect(typeof check(settingsSchema, source).ok).toBe('boolean');
          expect(Array.isArray(checkAccounts(source, accountKinds()).mistakes)).toBe(true);
        }
      }
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    }),
    100,
  );
}, 60_000);

test('whatever a mapping holds, it is taken or its mistakes are told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'passerelle-fuzz-'));
  const path = join(folder, 'mapping.yaml');
  await holds(
    'mapping',
    fc.asyncProperty(nearlyReal([exampleOf('example.mapping.yaml')], '.json'), async (bytes) => {
      writeFileSync(path, asYaml(bytes));
      const read = readMapping({ path, env: {} });
      if (!read.ok) expect(read.mistakes.length).toBeGreaterThan(0);
    }),
    100,
  );
  rmSync(folder, { recursive: true });
}, 60_000);

function asYaml(bytes: Buffer): string {
  try {
    return stringify(JSON.parse(bytes.toString('utf8')));
  } catch {
    return bytes.toString('latin1');
  }
}

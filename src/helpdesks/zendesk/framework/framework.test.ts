import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Marker, PersonId, TicketId } from '../../../domain/ids.ts';
import { done, type Outcome } from '../../../domain/outcome.ts';
import { manifestShape } from '../../../sandbox/zendesk/framework-shapes.ts';
import type { UploadToken } from '../../helpdesk.ts';
import { type ZendeskAccount, zendeskAccount } from '../account.ts';
import { frameworkApp } from './app.ts';
import { isKey, isMetadata, keyOf, metadataFor } from './keys.ts';
import { addressesOf, manifestOf } from './manifest.ts';
import { callsFor, makePushes, type PushResult } from './pushes.ts';
import { markerOf, type Resource, resourcesOf } from './resource.ts';
import { toldIn } from './told.ts';

const given = {
  ...{ id: 'acme-zendesk', kind: 'zendesk', url: 'https://acme.zendesk.com', accessToken: 'token', mode: 'channel' },
  ...{ channelSecret: 'a-secret-of-more-than-thirty-two-letters', pushClientId: 'passerelle_push' },
};
const account = zendeskAccount.parse(given);
const with_ = (also: object): ZendeskAccount => zendeskAccount.parse({ ...given, ...also });
const publicUrl = 'https://chat.acme.example';

test.each([
  ['no secret', { channelSecret: undefined }, /channelSecret/],
  ['a short secret', { channelSecret: 'short' }, /32 characters/],
  ['no client', { pushClientId: undefined }, /pushClientId/],
  ['another mode', { mode: 'chat' }, /mode/],
])('settings with %s are refused', (_, also, says) => {
  expect(zendeskAccount.safeParse({ ...given, ...also }).error?.message).toMatch(says);
});

test('the manifest is as Zendesk wants it, and every address but two holds a key of its own', () => {
  const manifest = manifestOf(account, publicUrl);
  expect(manifestShape.parse(manifest)).toEqual(manifest);
  expect(Object.values(manifest.urls).every((url) => url.startsWith('https://') && url.length <= 511)).toBe(true);
  const keys = Object.values(addressesOf(account, publicUrl)).flatMap((url) => /[0-9a-f]{64}$/.exec(url)?.[0] ?? []);
  expect(new Set(keys).size).toBe(4);
  expect(JSON.stringify(manifest)).not.toContain(given.channelSecret);
});

test('keys and metadata of another account, purpose, instance or secret do not fit', () => {
  const other = with_({ channelSecret: 'another-secret-of-more-than-thirty-two' });
  expect(isKey(account, 'admin', keyOf(account, 'admin'))).toBe(true);
  for (const key of [
    keyOf(account, 'events'),
    keyOf(other, 'admin'),
    keyOf(with_({ id: 'b' }), 'admin'),
    '',
    undefined,
  ])
    expect(isKey(account, 'admin', key)).toBe(false);
  const metadata = metadataFor(account, 'i-1');
  expect(isMetadata(account, metadata)).toBe(true);
  const wrong = [
    metadata.replace('i-1', 'i-2'),
    metadataFor(other, 'i-1'),
    `${metadata} `,
    'null',
    '[]',
    '',
    undefined,
  ];
  for (const each of wrong) expect(isMetadata(account, each)).toBe(false);
});

test('the app holds its requirement, words in both languages, and pictures of the sizes Zendesk asks for', () => {
  const files = frameworkApp(account, publicUrl);
  if ('cannot' in files) throw new Error(files.cannot);
  const { channel_integrations: wanted } = JSON.parse(String(files.get('requirements.json')));
  expect(wanted.passerelle.manifest_url).toBe(addressesOf(account, publicUrl).manifest);
  expect(JSON.parse(String(files.get('manifest.json')))).toMatchObject({ requirementsOnly: true, private: true });
  for (const language of ['en', 'fr'])
    expect(JSON.parse(String(files.get(`translations/${language}.json`))).app.name).toBe('Passerelle');
  for (const [name, side] of [
    ['logo', 320],
    ['logo-small', 128],
  ] as const) {
    const png = Buffer.from(files.get(`assets/${name}.png`) as Uint8Array);
    expect([png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(['PNG', side, side]);
    const data = png.subarray(41, 41 + png.readUInt32BE(33));
    expect(inflateSync(data).length).toBe(side * (3 * side + 1));
  }
});

test.each([
  ['plain tickets', with_({ mode: 'tickets' }), publicUrl],
  ['no public address', account, undefined],
  ['an address without https', account, 'http://chat.acme.example'],
])('there is no app with %s', (_, which, url) => {
  expect(frameworkApp(which, url)).toHaveProperty('cannot');
});

const marker = '7d9c3a52-0b1e-4f6a-8c2d-1e5f7a9b3c4d' as Marker;
const draft = (files: number) => ({
  ...{ marker, author: '12' as PersonId, public: true, body: 'words' },
  uploads: Array.from({ length: files }, (_, i) => `https://chat.acme.example/media/${i}` as UploadToken),
  thread: { id: 't', customer: { externalId: 'messenger:p:1', name: 'Ada' }, at: '2026-11-26T04:00:00.000Z' },
});

test('a comment with more files than a resource takes goes on in others, which are told as the same', () => {
  const resources = resourcesOf('acme-zendesk', draft(23), 'A chat');
  expect(resources.map(({ file_urls: files }) => files?.length)).toEqual([10, 10, 3]);
  expect(resources.map(({ external_id: id }) => markerOf(id))).toEqual([marker, marker, marker]);
  expect(resources.map(({ fields }) => fields?.[0]?.value)).toEqual(['A chat', undefined, undefined]);
  expect(resourcesOf('acme-zendesk', { ...draft(0), author: 'service', public: false })[0]).toMatchObject({
    internal_note: true,
    author: { external_id: 'passerelle:acme-zendesk' },
  });
});

test('what was told is read whatever else stands beside it; a follow-up is the ticket it goes on in', () => {
  const event = { type_id: 'comment_on_new_ticket', external_id: `${marker}:2`, comment_id: 5, ticket_id: 7 };
  const data = (resource_events: unknown) => ({
    type_id: 'resources_created_from_external_ids',
    data: { resource_events },
  });
  const events = [
    { type_id: 'pull_request', data: null },
    data([event, { type_id: 'comment_on_new_ticket' }, { ...event, type_id: 'something_new' }]),
    data([{ ...event, type_id: 'comment_on_follow_up_ticket', follow_up_ticket_id: 8 }]),
    data('nothing'),
  ];
  const told = (ticket: string) => ({ marker, ticket: ticket as TicketId, comment: '5' });
  expect(toldIn(Buffer.from(JSON.stringify({ events })))).toEqual([told('7'), told('8')]);
  for (const body of ['', 'x', '[]', '{}', '{"events":1}']) expect(toldIn(Buffer.from(body))).toBeUndefined();
});

describe('pushes', () => {
  const resource = (id: string, bytes = 10): Resource => ({
    ...resourcesOf('acme-zendesk', { ...draft(0), marker: id as Marker, body: 'x'.repeat(bytes) })[0]!,
  });
  const ok = (resources: readonly Resource[], code = 'success'): Outcome<PushResult[]> =>
    done(resources.map(({ external_id: externalId }) => ({ externalId, code })));
  const clock = { sleep: () => new Promise<void>((next) => setTimeout(next, 1)) };

  test('at the same time they are one call, of at most 256 and of so many bytes', async () => {
    const calls: number[] = [];
    const pushes = makePushes(async (resources) => {
      calls.push(resources.length);
      return ok(resources);
    }, clock);
    const all = Array.from({ length: 300 }, (_, i) => pushes.push([resource(`m${i}`)]));
    expect(new Set((await Promise.all(all)).map(({ result }) => result))).toEqual(new Set(['done']));
    expect(calls).toEqual([256, 44]);
    const large = Array.from({ length: 100 }, (_, i) => ({ resource: resource(`m${i}`, 60_000) }));
    expect(callsFor(large).map(({ length }) => length)).toEqual([66, 34]);
  });

  const told = async (
    answers: (resources: readonly Resource[], call: number) => Outcome<PushResult[]>,
    ids: string[],
  ) => {
    let call = 0;
    const pushes = makePushes(async (resources) => answers(resources, call++), clock);
    return Promise.all(ids.map(async (id) => (await pushes.push([resource(id)])).result));
  };

  test('each is told of its own result', async () => {
    const code = (id: string) =>
      ({ a: 'success', b: 'already_imported', c: 'halted' })[id] ?? 'could_not_locate_parent_external_resource';
    const answers = (resources: readonly Resource[]) =>
      done(resources.map(({ external_id: externalId }) => ({ externalId, code: code(externalId) })));
    expect(await told(answers, ['a', 'b', 'c', 'd'])).toEqual(['done', 'done', 'later', 'never']);
  });

  test('one that cannot be processed is asked once more alone, and then refused', async () => {
    const answers = (resources: readonly Resource[], call: number) =>
      done(
        resources.map(({ external_id: id }) => ({
          externalId: id,
          code: id === 'bad' || call === 0 ? 'processing_error' : 'success',
        })),
      );
    expect(await told(answers, ['good', 'bad'])).toEqual(['done', 'never']);
  });

  test('a call that is refused as a whole is asked again one by one', async () => {
    const answers = (resources: readonly Resource[]): Outcome<PushResult[]> =>
      resources.some(({ external_id: id }) => id === 'bad') ? { result: 'never', why: 'wrong' } : ok(resources);
    expect(await told(answers, ['a', 'bad', 'b'])).toEqual(['done', 'never', 'done']);
  });

  test('what Zendesk says nothing of, and a comment of which it has a part, may have happened', async () => {
    expect(await told(() => done([]), ['a'])).toEqual(['unsure']);
    const part = makePushes(
      async ([first, second]) =>
        done([
          { externalId: first!.external_id, code: 'success' },
          { externalId: second!.external_id, code: 'halted' },
        ]),
      clock,
    );
    expect(await part.push([resource('a'), resource('b')])).toMatchObject({ result: 'unsure' });
  });
});

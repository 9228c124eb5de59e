import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel } from '../../src/channels/channel.ts';
import * as registry from '../../src/channels/registry.ts';
import { localTools } from '../../src/channels/shared/testing/platform.ts';
import * as sandboxes from '../../src/sandbox/channels.ts';
import type { ChannelSandbox } from '../../src/sandbox/contract.ts';
import { type ChannelsProduct, startChannelsProduct } from '../support/channel-product.ts';
import { commandLine } from '../support/command-line.ts';
import { until } from '../support/until.ts';

const channelOf = new Map(Object.values<unknown>(registry).map((each) => [(each as Channel).kind, each as Channel]));
const played = Object.values<ChannelSandbox>(sandboxes);
const able = played.filter(({ kind }) => channelOf.get(kind)?.provision);

const tools = localTools();
let product: ChannelsProduct;
let folder: string;
beforeAll(async () => {
  // The service makes good for a lost subscription by itself, which would be in between here.
  product = await startChannelsProduct(played, {}, undefined, { reconcile: { every: 0 } });
  folder = await mkdtemp(join(tmpdir(), 'passerelle-provision-'));
});
afterAll(async () => {
  tools.close();
  await product?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const passerelle = (args: string[], interactive = false) => commandLine(product.file, undefined, args, interactive);
const elsewhere = 'http://127.0.0.1:9/elsewhere';

describe.each(able.map((each) => [each.kind, each] as const))('%s', (kind, sandbox) => {
  const id = `acme-${kind}`;
  const provision = (...options: string[]) => passerelle(['provision', id, ...options]);
  const own = () => product.played.find((each) => each.id === id)!;
  let people = 0;

  const writesAndIsHeard = async () => {
    const user = sandbox.user(++people);
    own().platform.addCustomer({ user, name: 'Ida Berg' });
    await own().platform.customerSends(user, { type: 'text', text: 'Hello' });
    const of = `${kind}:${id}:${user}`;
    await until('a ticket', () => product.zendesk.tickets().find(({ requester }) => requester.externalId === of));
  };

  /** Why the platform lets this be done by hand only, where it does. */
  async function onlyByHand(remove: boolean): Promise<string | undefined> {
    const channel = channelOf.get(kind)!;
    const account = channel.account.parse({ id, ...sandbox.account(own().platform) });
    const outcome = await channel.provision!({ webhookUrl: own().webhookUrl, remove, apply: false }, account, tools);
    return outcome.result === 'never' && outcome.code === 'by-hand' ? outcome.why : undefined;
  }

  /** As if nobody had set it up: webhooks go elsewhere; or where an app's address is set by hand, they are not sent. */
  async function upset(): Promise<void> {
    const { platform, webhookUrl } = own();
    platform.setWebhookUrl(elsewhere);
    if ((await provision('--dry-run')).code === 1) return;
    platform.setWebhookUrl(webhookUrl);
    if ('unsubscribe' in platform) (platform.unsubscribe as () => void)();
  }

  test('a dry run shows what differs and changes nothing; then it is set up; then all is as wanted', async () => {
    const byHand = await onlyByHand(false);
    if (byHand) {
      expect(await provision()).toEqual({ code: 1, out: `${id} (${kind})\n  Not done: ${byHand}\n`, err: '' });
      return;
    }
    await upset();
    const compared = await provision('--dry-run');
    expect(compared).toMatchObject({ code: 1, err: '' });
    expect(compared.out).toMatch(new RegExp(`^${id} \\(${kind}\\)\n  change webhook .+\n    - .+\n    \\+ `));
    if (compared.out.includes('webhook address')) expect(compared.out).toContain(`+ ${own().webhookUrl}`);
    expect(compared.out).toMatch(/things? differs?; nothing was changed\.\n$/);
    expect(await provision('--dry-run')).toEqual(compared);

    const applied = await provision();
    expect(applied).toMatchObject({ code: 0, err: '' });
    expect(applied.out).toMatch(/(?:thing was|things were) put right\.\n$/);
    expect(await provision()).toEqual({ code: 0, out: `${id} (${kind})\n  All is as wanted.\n`, err: '' });
    expect((await provision('--dry-run')).code).toBe(0);
    await writesAndIsHeard();
  });

  test('--remove asks a person for --yes; it is taken away once, or it is said why not', async () => {
    const byHand = await onlyByHand(true);
    if (byHand) {
      const ended = await provision('--remove', '--json');
      expect(ended).toMatchObject({ code: 1, err: '' });
      expect(JSON.parse(ended.out)).toEqual({ account: id, kind, changes: [], left: [], state: 'failed', why: byHand });
      return;
    }
    const asked = await passerelle(['provision', id, '--remove'], true);
    expect(asked).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
    expect(asked.out).toMatch(/things? differs?; nothing was changed\./);
    const removed = await provision('--remove');
    expect(removed).toMatchObject({ code: 0, out: expect.stringMatching(/(?:thing was|things were) put right\./) });
    const again = await provision('--remove', '--json');
    expect(JSON.parse(again.out)).toEqual({ account: id, kind, changes: [], left: [], state: 'as-wanted' });
    expect((await passerelle(['provision', id, '--remove', '--yes'], true)).code).toBe(0);
    expect((await provision('--dry-run')).code).toBe(1);
    expect((await provision()).code).toBe(0);
    await writesAndIsHeard();
  });

  test('a dead token is told, and nothing is changed', async () => {
    if (await onlyByHand(false)) return;
    await upset();
    const compared = await provision('--dry-run');
    const { platform } = own();
    platform.expireToken(true);
    const before = platform.requests.length;
    const refused = await provision();
    platform.expireToken(false);
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('Not done: ') });
    const changes = platform.requests.slice(before).filter(({ method, status }) => method !== 'GET' && status === 200);
    expect(changes).toEqual([]);
    expect(await provision('--dry-run')).toEqual(compared);
  });
});

test("the operator's guide tells of each what is set up", async () => {
  const guide = await readFile(join(import.meta.dirname, '../../docs/guides/operator.md'), 'utf8');
  expect(able.filter(({ kind }) => !guide.includes(`| \`${kind}\` | `)).map(({ kind }) => kind)).toEqual([]);
});

test.each([
  ['an account there is not', ['nobody'], /called nobody[\s\S]*acme-/],
  ['no account', [], /missing required argument/],
])('%s: wrong usage', async (_, args, says) => {
  const { code, err } = await passerelle(['provision', ...args]);
  expect(code).toBe(2);
  expect(err).toMatch(says);
});

test('a kind stands for all its accounts', async () => {
  const { kind } = able[0]!;
  const { code, out } = await passerelle(['provision', kind, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ account: `acme-${kind}`, kind, left: [] });
});

test('without an address of ours it says what to set', async () => {
  const file = join(folder, 'private.yaml');
  const text = await readFile(product.file, 'utf8');
  await writeFile(file, text.replace(/^ +publicUrl:.*\n/m, ''));
  const { code, err } = await commandLine(file, undefined, ['provision', `acme-${able[0]!.kind}`]);
  expect([code, err]).toEqual([1, expect.stringContaining('server.publicUrl')]);
});

describe('templates', () => {
  const withTemplates = able.filter(({ kind }) => channelOf.get(kind)!.listTemplates);
  const without = played.find(({ kind }) => !channelOf.get(kind)!.listTemplates)!;

  test.each(withTemplates.map(({ kind }) => [kind]))(
    'of %s are listed with what an agent needs to send them',
    async (kind) => {
      const listed = await passerelle(['templates', `acme-${kind}`]);
      expect(listed).toMatchObject({ code: 0, err: '' });
      const [head, ...rows] = listed.out.trim().split('\n');
      expect(head).toMatch(/^NAME +LANGUAGE +PARAMETERS +HEADER +USABLE$/);
      const asJson = (await passerelle(['templates', `acme-${kind}`, '--json'])).out.trim().split('\n');
      const told = asJson.map((line) => JSON.parse(line) as { name: string; language: string; usable: true | string });
      expect(rows).toHaveLength(told.length);
      expect(told.length).toBeGreaterThan(0);
      for (const [i, { name, language, usable }] of told.entries()) {
        expect(rows[i]!.split(/ {2,}/).slice(0, 2)).toEqual([name, language]);
        expect(rows[i]).toMatch(usable === true ? /yes$/ : /no: \S/);
      }
    },
  );

  test('of a dead account cannot be read', async () => {
    const [{ kind }] = withTemplates as [ChannelSandbox];
    const { platform } = product.played.find(({ sandbox }) => sandbox.kind === kind)!;
    platform.expireToken(true);
    const ended = await passerelle(['templates', `acme-${kind}`]);
    platform.expireToken(false);
    expect(ended).toMatchObject({ code: 1, err: expect.stringContaining('could not be read: ') });
  });

  test.each([
    ['a channel that has none', `acme-${without.kind}`, /has no templates/],
    ['an account there is not', 'nobody', /called nobody/],
  ])('%s: wrong usage', async (_, id, says) => {
    const { code, err } = await passerelle(['templates', id]);
    expect([code, err]).toEqual([2, expect.stringMatching(says)]);
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Channel, Limits } from '../../src/channels/channel.ts';
import * as registry from '../../src/channels/registry.ts';
import { done } from '../../src/domain/outcome.ts';
import { lengthIn } from '../../src/domain/text-unit.ts';
import { outgoingBody } from '../../src/flows/outgoing-body.ts';
import type { SendWork } from '../../src/flows/send-work.ts';
import * as sandboxes from '../../src/sandbox/channels.ts';
import type { ChannelSandbox } from '../../src/sandbox/contract.ts';
import { type ChannelsProduct, startChannelsProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

const channels = Object.values<unknown>(registry) as Channel[];
const played = Object.values<ChannelSandbox>(sandboxes);
const limitsOf = (kind: string): Limits => channels.find((each) => each.kind === kind)!.limits;

/** All go at the same time, perhaps on a busy machine. Milliseconds. */
const patience = 60_000;
const emoji = '😀';
/** A family: one grapheme of several code points, which no cut may tear. */
const family = '👩‍👩‍👧';

/** Filled up with `x` to so many of the channel's own units. */
function filled(length: number, end: string, { textUnit = 'utf16' }: Limits): string {
  return 'x'.repeat(length - lengthIn(textUnit, end)) + end;
}

const cases: [string, number, (limits: Limits) => string][] = [
  ['exactly as long as the limit', 1, (limits) => filled(limits.textLength, '', limits)],
  ['one unit longer', 2, (limits) => filled(limits.textLength + 1, '', limits)],
  ['with an emoji that just fits', 1, (limits) => filled(limits.textLength, emoji, limits)],
  ['with an emoji across the boundary', 2, (limits) => filled(limits.textLength + 1, emoji, limits)],
  ['with several code points across it that show as one', 2, (limits) => filled(limits.textLength + 1, family, limits)],
];

describe('texts', () => {
  let product: ChannelsProduct;
  /** What arrived, by channel and case; all are sent at the same time. */
  const arrived = new Map<string, Promise<string[]>>();
  beforeAll(async () => {
    product = await startChannelsProduct(played);
    product.zendesk.setRateLimit(1_000_000);
    for (const sandbox of played)
      for (const [i, [name, bubbles, make]] of cases.entries()) {
        const arrives = answered(sandbox, sandbox.user(500 + i), make(limitsOf(sandbox.kind)), bubbles);
        // Whoever waits for it sees the failure.
        arrives.catch(() => undefined);
        arrived.set(`${sandbox.kind} ${name}`, arrives);
      }
  });
  afterAll(() => product?.stop());

  async function answered(sandbox: ChannelSandbox, user: string, text: string, bubbles: number): Promise<string[]> {
    const { platform, id } = product.played.find((each) => each.sandbox === sandbox)!;
    platform.addCustomer({ user, name: 'Long reader' });
    await platform.customerSends(user, { type: 'text', text: 'Hello' });
    const of = `${sandbox.kind}:${id}:${user}`;
    const ticketOf = () => product.zendesk.tickets().find(({ requester }) => requester.externalId === of);
    const ticket = await until('a ticket', ticketOf, patience);
    await product.zendesk.agentComments(ticket.id, { text, public: true });
    const thread = () => platform.threads().find((each) => each.user === user)!;
    const said = () => thread().bubbles.flatMap((bubble) => (bubble.from === 'page' ? [bubble.text ?? ''] : []));
    await until(`${bubbles} bubbles`, () => said().length >= bubbles, patience);
    await until('the reply is done', async () => (await partsOf(user)).every(isOver), patience);
    return said();
  }

  const partsOf = (user: string) =>
    product.db
      .selectFrom('reply_parts as p')
      .innerJoin('conversations as c', 'c.id', 'p.conversation')
      .select('p.state')
      .where('c.platform_user', '=', user)
      .execute();
  const isOver = ({ state }: { state: string }) => state !== 'waiting' && state !== 'sending';

  describe.each(played.map(({ kind }) => [kind]))('%s', (kind) => {
    const limits = limitsOf(kind);
    test.each(cases)(
      'a reply %s goes as %i',
      async (name, bubbles, make) => {
        const text = make(limits);
        const said = await arrived.get(`${kind} ${name}`)!;
        expect(said).toHaveLength(bubbles);
        expect(said.join('')).toBe(text);
        for (const piece of said) {
          expect(lengthIn(limits.textUnit ?? 'utf16', piece)).toBeLessThanOrEqual(limits.textLength);
          expect(piece.isWellFormed()).toBe(true);
        }
        // What shows as one is not torn: it is whole in one of the bubbles.
        for (const whole of [emoji, family])
          if (text.includes(whole)) expect(said.filter((piece) => piece.includes(whole))).toHaveLength(1);
      },
      90_000,
    );
  });
});

describe.each(channels.map((channel) => [channel.kind, channel] as const))('files to %s', (kind, channel) => {
  const { attachmentBytes, attachmentBytesByType = {} } = channel.limits;
  const bytes = Buffer.from('bytes');

  /** What becomes of a file of so many bytes; `fetched` is how often it was asked for, and of how many bytes at most. */
  async function handed(contentType: string, size: number) {
    const fetched: number[] = [];
    const session = {
      fetchFile: async (_: unknown, most: number) => {
        fetched.push(most);
        return done({ bytes, contentType });
      },
    };
    const account = { id: `acme-${kind}`, kind, helpdesk: 'desk' };
    const world = { helpdesks: new Map([['desk', { session }]]) };
    const work = { world, connected: { channel, account } } as unknown as SendWork;
    const file = { type: 'file' as const, id: 'f1', url: 'x', name: 'plan.bin', contentType, bytes: size };
    return { outcome: await outgoingBody(work, { message: 1, body: file as never }), fetched };
  }

  const kinds: [string, number][] = [
    ['x-other/unknown', attachmentBytes],
    ...Object.entries(attachmentBytesByType).map(([type, most]): [string, number] => [
      type.endsWith('/') ? `${type}x-unknown` : type,
      most,
    ]),
  ];
  test.each(kinds)(
    '%s: one of %i bytes is fetched to be sent, one byte more is refused before anything is fetched',
    async (contentType, most) => {
      const over = await handed(contentType, most + 1);
      expect(over.outcome).toEqual({ never: expect.stringContaining('plan.bin') });
      expect(over.outcome).toEqual({ never: expect.stringContaining(channel.label) });
      expect(over.fetched).toEqual([]);
      if (most === 0) return;
      const fits = await handed(contentType, most);
      expect(fits.outcome).toMatchObject({ body: { type: 'file', name: 'plan.bin', bytes } });
      expect(fits.fetched).toEqual([most]);
    },
  );
});

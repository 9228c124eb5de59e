import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type BubbleFate, type BubbleState, fateOfReply } from './reply-state.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute));
const sent: BubbleFate = { state: 'sent', sentAt: at(1) };
const delivered: BubbleFate = { state: 'delivered', sentAt: at(2), deliveredAt: at(3) };
const read: BubbleFate = { state: 'read', sentAt: at(2), deliveredAt: at(3), readAt: at(5) };
const failed: BubbleFate = { state: 'failed', reason: 'blocked' };

test.each([
  ['one bubble is the reply', [delivered], { state: 'delivered', since: at(3) }],
  ['only what holds for all of it is told', [read, delivered], { state: 'delivered', since: at(3), readAt: undefined }],
  ['times are those of the last bubble', [sent, { ...sent, sentAt: at(9) }], { state: 'sent', since: at(9) }],
  ['trouble comes before all else', [read, failed, { state: 'waiting' }], { state: 'failed', reason: 'blocked' }],
  ['what nobody knows comes before what waits', [{ state: 'waiting' }, { state: 'unsure' }], { state: 'unsure' }],
] as [string, BubbleFate[], object][])('%s', (_it, bubbles, fate) => {
  expect(fateOfReply(bubbles)).toMatchObject(fate);
});

test('a reply without bubbles has no fate', () => expect(fateOfReply([])).toBeUndefined());

const states: BubbleState[] = ['waiting', 'sending', 'sent', 'delivered', 'read', 'failed', 'unsure'];
test('in whatever order its bubbles stand, a reply is read only if each of them is', () =>
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...states), { minLength: 1 }), (all) => {
      const fate = fateOfReply(all.map((state) => ({ state })));
      expect(fate?.state === 'read').toBe(all.every((state) => state === 'read'));
      expect(fate).toEqual(fateOfReply([...all].reverse().map((state) => ({ state }))));
    }),
  ));

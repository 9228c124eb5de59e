import { expect, test } from 'vitest';
import type { InboundEvent } from '../domain/event.ts';
import { placeFound } from './place-found.ts';

const at = (ms: number) => new Date(Date.UTC(2026, 2, 1, 9) + ms);
const said = (id: string, ms: number, from = 'ida'): InboundEvent =>
  ({ type: 'message', to: 'p', id, from, at: at(ms), parts: [] }) as never;
const timesOf = (events: readonly InboundEvent[]) => events.map((event) => event.at.getTime() - at(0).getTime());

test.each([
  ['what follows in the same second stands behind it', [said('1', 0), said('2', 0)], { 1: 400 }, [0, 401]],
  ['several stand one behind the other', [said('1', 0), said('2', 0), said('3', 0)], { 1: 400 }, [0, 401, 402]],
  ['without anything known they keep the order of the list', [said('1', 0), said('2', 0)], {}, [0, 1]],
  ['a later second is what it says', [said('1', 0), said('2', 1_000)], { 1: 400 }, [0, 1_000]],
  ['of another customer nothing is told', [said('1', 0), said('2', 0, 'per')], { 1: 400 }, [0, 0]],
  ['it never leaves its second', [said('1', 0), said('2', 0)], { 1: 999 }, [0, 0]],
  ['known without a time, it tells nothing', [said('1', 0), said('2', 1_000)], { 1: undefined }, [0, 1_000]],
])('%s', (_, events, known, times) => {
  const map = new Map(Object.entries(known).map(([id, ms]) => [id, ms === undefined ? undefined : at(ms)]));
  expect(timesOf(placeFound(events, map))).toEqual(times);
});

import { conversationUser, type InboundEvent } from '../domain/event.ts';

/** What is known of the messages of a history, by id: when each was said, as exactly as a webhook told. */
export type KnownTimes = ReadonlyMap<string, Date | undefined>;

/**
 * Histories tell times in whole seconds, webhooks in milliseconds. What was found stands after what the history lists before it
 * all the same: it is put a millisecond behind, where that is within its second.
 */
export function placeFound(events: readonly InboundEvent[], known: KnownTimes): InboundEvent[] {
  const latest = new Map<string, number>();
  return events.map((event) => {
    const user = String(conversationUser(event));
    const told = event.at.getTime();
    const before = latest.get(user) ?? Number.NEGATIVE_INFINITY;
    const behind = !known.has(event.id) && before >= told && before + 1 < told + second;
    const at = known.get(event.id)?.getTime() ?? (behind ? before + 1 : told);
    latest.set(user, Math.max(before, at));
    return behind ? { ...event, at: new Date(at) } : event;
  });
}

const second = 1_000;

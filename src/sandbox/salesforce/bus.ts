import { randomInt } from 'node:crypto';

/** An event as it stays on the bus for those who come later. */
export interface BusEvent {
  channel: string;
  replayId: number;
  data: { schema: string; payload: Record<string, unknown>; event: { replayId: number; EventUuid: string } };
}

export interface Bus {
  events: BusEvent[];
  lastReplayId: number;
  /** Replay ids up to this one are no longer kept. */
  forgottenUntil: number;
  /** Called when there may be something new. */
  listeners: Set<() => void>;
}

export const newBus = (): Bus => ({
  events: [],
  lastReplayId: 1_000 + randomInt(100_000),
  forgottenUntil: 0,
  listeners: new Set(),
});

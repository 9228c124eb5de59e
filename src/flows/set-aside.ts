import { sha256Hex } from '../kit/crypto.ts';
import { faultOf } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { Arrival } from './arrival.ts';

/** Platforms send a thousand at most; more would keep the door's transaction from ending in time. */
export const mostEvents = 5_000;

/**
 * A webhook whose sender is proved but that a bug keeps from being read or stored as events. It is kept as it came, as one
 * event that nobody understands, and the log says so: refused, it would come again and again until the platform gives up
 * on the whole account.
 */
export function setAside(arrival: Omit<Arrival, 'events'>, error: unknown, log: Log): Arrival {
  const { kind, account, body } = arrival;
  log.error('webhook.set-aside', { channel: kind, account, ...faultOf(error) });
  const id = sha256Hex(body);
  const event = { type: 'unsupported', what: 'webhook that could not be read', to: '', id, at: new Date() };
  const kept = {
    account: account ?? `?${kind}:`,
    key: `unread:${id}`,
    outcome: 'unsupported' as const,
    platformUser: null,
  };
  return { ...arrival, events: [{ ...kept, event }] };
}

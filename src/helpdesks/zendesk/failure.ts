import type { Duration } from '../../domain/duration.ts';
import type { Trouble } from '../../domain/outcome.ts';

/** Zendesk answered, and not with 2xx. */
export interface Refusal {
  kind: 'refused';
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Parsed, or undefined when it is not JSON (a gateway's HTML page). */
  body: unknown;
  retryAfter?: Duration;
}

export type Failure =
  | Refusal
  | { kind: 'no-answer'; sent: 'no' | 'maybe'; why: string }
  /** 2xx with a body that is not what the call gives. */
  | { kind: 'unreadable'; status: number }
  /** The calls Zendesk takes are used up for now, so nothing was asked. */
  | { kind: 'no-turn'; after: Duration }
  /** There is no token to call with, so nothing was asked. */
  | { kind: 'no-token'; trouble: Trouble };

/**
 * Thrown through node-zendesk by our transport, caught again by `attempt`; never leaves this folder. Its message holds no
 * URL, header or body.
 */
export class ZendeskFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(summary(failure));
    this.failure = failure;
  }
}

function summary(failure: Failure): string {
  switch (failure.kind) {
    case 'refused':
      return `Zendesk answered ${failure.status}`;
    case 'no-answer':
      return `Zendesk did not answer: ${failure.why}`;
    case 'unreadable':
      return `Zendesk answered ${failure.status} with something unreadable`;
    case 'no-token':
      return failure.trouble.why;
    case 'no-turn':
      return 'the calls Zendesk takes are used up for now';
  }
}

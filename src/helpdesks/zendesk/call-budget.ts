import { seconds } from '../../domain/duration.ts';
import type { Budget, Budgets } from '../../kit/budgets.ts';
import type { HttpAnswer, HttpRequest } from '../../kit/http.ts';
import type { ZendeskAccount } from './account.ts';
import { ZendeskFailure } from './failure.ts';
import { retryAfterOf } from './retry-after.ts';

/** `signs`: an update of a ticket that only keeps its fields current. */
export type CallKind = 'ticket-update' | 'signs' | 'urgent' | 'other';

/** Keeps the calls to one Zendesk within what it takes, all replicas together. */
export interface CallBudget {
  /** Waits for its turn; throws a ZendeskFailure when that is too far off. */
  turn(call: CallKind): Promise<void>;
  /** Learns from an answer how many calls the account's plan takes and how many are left. */
  learn(answer: Pick<HttpAnswer, 'status' | 'headers'>): Promise<void>;
}

/** Longer than any portion takes to come; a job that waits shows signs of life meanwhile. */
const patienceMs = 45_000;

/**
 * Zendesk developer docs, "Rate limits": so many requests a minute by plan, told in every answer, and beside that 100
 * updates of tickets. Before the first answer nothing is known and nothing waits.
 */
export function makeCallBudget(account: ZendeskAccount, budgets: Budgets): CallBudget {
  const calls = `zendesk:${account.id}:calls`;
  const updates: Budget = { key: `zendesk:${account.id}:updates`, perMinute: account.ticketUpdatesPerMinute };
  // A quarter: what customers say comes first, and is never kept waiting by fields.
  const signs: Budget = {
    key: `zendesk:${account.id}:signs`,
    perMinute: Math.max(1, Math.floor(updates.perMinute / 4)),
  };
  let perMinute = account.requestsPerMinute;
  return {
    turn: async (call) => {
      const wanted: Budget[] = [];
      if (call === 'signs') wanted.push(signs);
      if (call === 'ticket-update' || call === 'signs') wanted.push(updates);
      if (perMinute !== undefined) wanted.push({ key: calls, perMinute });
      const taken =
        wanted.length > 0 &&
        (await budgets.take(wanted, {
          urgent: call === 'urgent',
          patienceMs: call === 'signs' ? 0 : patienceMs,
        }));
      if (taken && !taken.taken) throw new ZendeskFailure({ kind: 'no-turn', after: seconds(taken.waitMs / 1_000) });
    },
    learn: async ({ status, headers }) => {
      const told = Number(headers['x-rate-limit'] ?? headers['ratelimit-limit']);
      if (account.requestsPerMinute === undefined && told > 0) perMinute = told;
      const remaining = headers['x-rate-limit-remaining'] ?? headers['ratelimit-remaining'];
      if (remaining !== '0') return;
      const wait = retryAfterOf(headers) ?? seconds(Number(headers['ratelimit-reset'] ?? 5) || 5);
      if (status === 429) await budgets.block(calls, wait);
    },
  };
}

/** What a request is to the limits. */
export function kindOfCall(method: HttpRequest['method'], url: string): CallKind {
  if (isTicketUpdate(method, url)) return 'ticket-update';
  return isUrgent(method, url) ? 'urgent' : 'other';
}

const pathOf = (url: string) => new URL(url).pathname;

const isTicketUpdate = (method: string, url: string): boolean =>
  method === 'PUT' && /\/tickets\/[^/]+(?:\.json)?$|\/tickets\/[^/]+\/tags(?:\.json)?$/.test(pathOf(url));

/** Reading what agents answered goes before all else: a customer waits for it. */
const isUrgent = (method: string, url: string): boolean =>
  method === 'GET' && /\/comments(?:\.json)?$/.test(pathOf(url));

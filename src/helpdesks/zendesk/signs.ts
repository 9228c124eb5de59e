import { z } from 'zod';
import { minutes, seconds } from '../../domain/duration.ts';
import type { TicketId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { TicketSigns } from '../../domain/ticket-signs.ts';
import type { Clock } from '../../kit/clock.ts';
import type { ZendeskApi } from './api.ts';
import type { CallBudget } from './call-budget.ts';
import { attempt } from './outcome.ts';
import { pagesOf } from './pages.ts';
import { markerOf } from './setup/marker.ts';
import { showTicket, zendeskTime } from './tickets.ts';
import { anyBody, wireId } from './wire.ts';

type Field = { id: number; value: string };
export type ShownSigns = Outcome<void> | { result: 'closed' } | { result: 'gone' };

/** The fields that `passerelle provision` makes, found by the marker in their descriptions. */
export interface Signs {
  /** Reads which fields there are, if that was not done of late; false: there are none. */
  ready(): Promise<Outcome<boolean>>;
  /** As fields of a ticket, by what is known of them now; undefined: nothing is. Makes no call. */
  fieldsOf(signs: TicketSigns | undefined): Field[] | undefined;
  show(ticket: TicketId, signs: TicketSigns): Promise<ShownSigns>;
}

/** Each with its value of a drop-down: Zendesk keeps it among the ticket's tags too, in place of the one before. */
export const signValues = {
  'window-state': (signs: TicketSigns) => `passerelle_window_${signs.window}`,
  'last-reply': (signs: TicketSigns) => `passerelle_reply_${signs.reply.replace('-', '_')}`,
  'customer-known': (signs: TicketSigns) => `passerelle_customer_${signs.customer}`,
} as const;

const holds = minutes(5);
/** Where there are none yet they may be made at any time. */
const soonest = seconds(30);
const fieldsBody = z.looseObject({
  ticket_fields: z.array(z.looseObject({ id: wireId, agent_description: z.string().nullish(), active: z.boolean() })),
  meta: z.object({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish(),
});

export function makeSigns(api: ZendeskApi, account: string, clock: Clock, budget: CallBudget): Signs {
  let known: { ids: Map<string, number>; readAt: number } | undefined;
  const fieldsOf: Signs['fieldsOf'] = (signs) => {
    if (!signs || !known || known.ids.size === 0) return undefined;
    const until = signs.answerUntil === undefined ? '' : zendeskTime(signs.answerUntil);
    const values = [
      ...Object.entries(signValues).map(([key, toValue]) => [key, toValue(signs)] as const),
      ['answer-until', until] as const,
    ];
    return values.flatMap(([key, value]) => {
      const id = known?.ids.get(key);
      return id === undefined ? [] : [{ id, value }];
    });
  };
  return {
    ready: async () => {
      const now = clock.now().getTime();
      if (known && now - known.readAt < (known.ids.size > 0 ? holds : soonest)) return done(known.ids.size > 0);
      const ids = await attempt('repeatable', () => markedFields(api, account));
      if (ids.result !== 'done') return ids;
      known = { ids: ids.value, readAt: now };
      return done(known.ids.size > 0);
    },
    fieldsOf,
    show: async (ticket, signs) => {
      const turn = await attempt('repeatable', () => budget.turn('signs'));
      if (turn.result !== 'done') return turn;
      return attempt<void, { result: 'closed' } | { result: 'gone' }>(
        'repeatable',
        async () => {
          const body = { ticket: { custom_fields: fieldsOf(signs) ?? [] } };
          await api.put(anyBody, ['tickets', ticket], body, { turnTaken: true });
        },
        ({ status }) => whyNot(api, ticket, status),
      );
    },
  };
}

async function markedFields(api: ZendeskApi, account: string): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  const keys = [...Object.keys(signValues), 'answer-until'];
  for await (const { ticket_fields } of pagesOf(api, fieldsBody, ['ticket_fields']))
    for (const { id, agent_description, active } of ticket_fields) {
      const key = keys.find((each) => agent_description?.includes(markerOf(account, each)));
      if (key && active) ids.set(key, Number(id));
    }
  return ids;
}

/** The reason of a 422 is localised, so the ticket itself is asked. */
async function whyNot(api: ZendeskApi, ticket: TicketId, status: number) {
  if (status === 404) return { result: 'gone' } as const;
  if (status !== 422) return undefined;
  const shown = await showTicket(api, ticket);
  if (shown.result !== 'done') return shown;
  const now = shown.value.status;
  return now === 'closed' || now === 'gone' ? ({ result: now } as const) : undefined;
}

import type { ColumnType } from 'kysely';
import type { TicketSigns } from '../domain/ticket-signs.ts';

/** The meaning of each column stands in `migrations/0019-ticket-signs.ts`. */
export interface TicketSignsTables {
  ticket_signs: {
    ticket: number;
    customer: number;
    signs: ColumnType<TicketSigns | null, string | null, string | null>;
    told_at: Date | null;
    seen_at: Date;
    look_at: Date | null;
  };
}

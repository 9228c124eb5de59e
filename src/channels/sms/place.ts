import type { AccountAddress } from '../../domain/ids.ts';

/** What all events of a webhook share. */
export interface Place {
  to: AccountAddress;
  at: Date;
}

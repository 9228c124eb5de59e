import type { Channel } from '../../../channels/channel.ts';
import type { CheckReport } from '../../../flows/doctor/run-checks.ts';
import type { AccountType } from '../../wire/accounts.ts';

/** An account as it is configured. */
export interface ConfiguredAccount {
  type: AccountType;
  id: string;
  kind: string;
  label: string;
  helpdesk?: string;
  crm?: string;
  channel?: Channel;
  /** It receives webhooks. */
  called: boolean;
  /** May a person still answer after the window? */
  asHuman: boolean;
  /** As they may be shown: secrets are hidden. */
  settings: { name: string; value: string; about: string | null }[];
}

/** Asks an account's platform now; with `fix`, does what can be done from here and asks again. */
export type LookAgain = (account: string, fix: boolean) => Promise<readonly CheckReport[]>;

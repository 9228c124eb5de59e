import type { Outcome } from '../domain/outcome.ts';
import type { World } from './world.ts';

/** What the settings say of erasing. */
export interface ErasingRules {
  /** `delete`: tickets and users go for good. `redact`: their words and names go, the tickets stay. */
  helpdesk: 'delete' | 'redact';
  /** `ours`: users and contacts that were there before are left. `all`: they go as well. */
  records: 'ours' | 'all';
}

export type ErasingWorld = Pick<
  World,
  'db' | 'queue' | 'vault' | 'tools' | 'health' | 'helpdesks' | 'crms' | 'channels' | 'mappingAt'
>;

/** `count`: how many things were removed. `left`: what stays, and why. */
export type Erased = Outcome<{ count: number; left?: string }>;

import type { z } from 'zod';
import type { Channel } from '../channels/channel.ts';
import * as channelRegistry from '../channels/registry.ts';
import type { Crm } from '../crms/crm.ts';
import * as crmRegistry from '../crms/registry.ts';
import type { Helpdesk } from '../helpdesks/helpdesk.ts';
import * as helpdeskRegistry from '../helpdesks/registry.ts';

/** Kinds by name. A registry's values are all of the right shape, each with an account type of its own. */
const byKind = <Kind extends { kind: string }>(registry: Record<string, unknown>): Map<string, Kind> =>
  new Map(Object.values(registry as Record<string, Kind>).map((each) => [each.kind, each]));

export const channels = byKind<Channel>(channelRegistry);
export const helpdesks = byKind<Helpdesk>(helpdeskRegistry);
export const crms = byKind<Crm>(crmRegistry);

/** The account schemas by section and kind, for the settings to check. */
export const accountKinds = () => ({
  channels: schemasOf(channels),
  helpdesks: schemasOf(helpdesks),
  crms: schemasOf(crms),
});

const schemasOf = (kinds: ReadonlyMap<string, { account: z.ZodType }>) =>
  Object.fromEntries([...kinds].map(([kind, { account }]) => [kind, account]));

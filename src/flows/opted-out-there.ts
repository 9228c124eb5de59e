import { everything } from '../domain/consent.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { takeConsent } from './take-consent.ts';
import type { ConnectedChannel, World } from './world.ts';

/**
 * The platform refused a message because the customer had opted out there: that goes on record as their act. `of` names what was
 * refused; told twice it is one act.
 */
export async function optedOutThere(
  tx: Tx,
  { notices }: Pick<World, 'notices'>,
  { channel }: ConnectedChannel,
  { customer, account, platformUser }: Conversation,
  refused: { code: string | undefined; of: string; at: Date },
): Promise<void> {
  const from = refused.code === undefined ? undefined : channel.optOutCodes?.[refused.code];
  if (from === undefined) return;
  await takeConsent(tx, notices, {
    ...{ customer: customer.id, channel: channel.kind, act: 'revoked', source: 'platform', by: 'platform' },
    purpose: from === 'everything' ? everything : from,
    words: `refused by the platform (${refused.code})`,
    at: refused.at,
    account,
    platformUser,
    event: `refused:${refused.of}`,
  });
}

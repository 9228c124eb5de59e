import type { EventOf, InboundEvent } from '../domain/event.ts';
import { tokenIn, tokenOf } from '../domain/link-token.ts';
import { findConversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { userRefCame, userRefIs } from '../store/user-refs.ts';
import { type LinkWorld, useLink } from './use-link.ts';
import type { ConnectedChannel } from './world.ts';

/** A box was ticked by somebody of whom only the page's own reference is known. */
export async function noteUserRef(
  tx: Tx,
  world: LinkWorld,
  connected: ConnectedChannel,
  event: EventOf<'opt-in'>,
): Promise<void> {
  if (event.userRef === undefined) return;
  const account = connected.account.id;
  const came = await userRefCame(tx, { account, userRef: event.userRef, ref: event.ref, at: event.at });
  const token = tokenIn(came.ref);
  const conversation = came.platformUser && (await findConversation(tx, account, came.platformUser));
  if (token && conversation) await useLink(tx, world, connected, conversation, event, token);
}

/** Whether an event may bring the token of a link, of its own or by such a reference. */
export const mayBringToken = (event: InboundEvent): boolean => tokenOf(event) !== undefined || namesUserRef(event);

const namesUserRef = (event: InboundEvent): boolean =>
  event.type === 'message' && event.referral?.type === 'prior_message' && Boolean(event.referral.ref);

/** Their first answer names that reference: what the page put along with the box is said of this platform user. */
export async function tokenOfUserRef(
  tx: Tx,
  { account }: ConnectedChannel,
  platformUser: string,
  event: InboundEvent,
): Promise<string | undefined> {
  if (event.type !== 'message' || event.referral?.type !== 'prior_message' || !event.referral.ref) return undefined;
  const is = await userRefIs(tx, { account: account.id, userRef: event.referral.ref, platformUser, at: event.at });
  return tokenIn(is?.ref);
}

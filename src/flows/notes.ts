import type { InboundEvent, Referral } from '../domain/event.ts';
import { withoutTokens } from '../domain/link-token.ts';
import { readableParts } from '../domain/readable-parts.ts';
import type { Tx } from '../store/database.ts';
import { quotedText } from './quoted-text.ts';

/** What agents should know of an event that is no message, as an internal note; undefined for what concerns no agent. */
export async function noteOf(tx: Tx, conversation: number, event: InboundEvent): Promise<string | undefined> {
  switch (event.type) {
    case 'edit':
      return `The customer edited a message${await quoted(tx, conversation, event.of)}. It now reads:\n${readableParts(event.parts)}`;
    case 'unsend':
      return `The customer withdrew a message${await quoted(tx, conversation, event.of)}.`;
    case 'reaction':
      return event.action === 'unreact'
        ? `The customer took back a reaction${await quoted(tx, conversation, event.of)}.`
        : `The customer reacted with ${event.emoji ?? event.name ?? 'an emoji'}${await quoted(tx, conversation, event.of)}.`;
    case 'referral':
      return `The customer came through ${cameThrough(event.referral)}.`;
    case 'opt-in':
      return `The customer opted in (${event.what}${event.ref ? `, ref ${withoutTokens(event.ref)}` : ''}).`;
    case 'opt-out':
      return `The customer opted out (${event.what}). Replies may no longer reach them.`;
    case 'identity':
      return event.now ? `The platform knows this customer by another name now: ${event.now}.` : undefined;
    case 'account-link':
      return event.linked ? 'The customer linked their account.' : 'The customer unlinked their account.';
    case 'missed':
      return `A message of this conversation (about ${event.at.toISOString().slice(0, 16).replace('T', ' ')} UTC) never arrived here, and the platform no longer shows it to us. Please look in the platform's own inbox.`;
    case 'handover':
      return `The conversation was handed between apps at the platform (${event.what}).`;
    default:
      return undefined;
  }
}

function cameThrough(referral: Referral): string {
  const what = referral.adId ? `an ad (${referral.adId})` : referral.source ? `a link (${referral.source})` : 'a link';
  return [what, referral.title && `“${referral.title}”`, referral.ref && `ref ${withoutTokens(referral.ref)}`]
    .filter(Boolean)
    .join(', ');
}

async function quoted(tx: Tx, conversation: number, platformId: string): Promise<string> {
  const text = await quotedText(tx, conversation, platformId);
  return text ? `: “${text}”` : '';
}

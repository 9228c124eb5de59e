import { agreedTo } from '../domain/consent.ts';
import { bestFact } from '../domain/fact.ts';
import { consentStates } from '../store/consents.ts';
import { type Conversation, conversationById, conversationsOf, conversationWithPhone } from '../store/conversations.ts';
import type { Notice } from '../store/notices.ts';
import { standing } from './customer-of-shop.ts';
import type { ConnectedChannel, World } from './world.ts';

/** An account by which a customer can be told something. */
export interface Way {
  connected: ConnectedChannel;
  conversation: Conversation;
}

/**
 * Where a notice can go, the first to be tried first: the channels in the order that is set, then where the customer wrote
 * last. Somebody who never wrote is reached by their phone, where they agreed to that channel and the shop or their platform
 * knows the number.
 */
export async function waysOf(world: World, notice: Pick<Notice, 'customer' | 'purpose'>): Promise<Way[]> {
  const customer = await standing(world.db, notice.customer);
  const ids = await conversationsOf(world.db, customer);
  const conversations = (await Promise.all(ids.map((id) => conversationById(world.db, id)))).flatMap(
    (each) => each ?? [],
  );
  const known = conversations.flatMap((conversation): Way[] => {
    const connected = world.channels.get(conversation.account);
    return connected ? [{ connected, conversation }] : [];
  });
  const all = [...known, ...(await waysByPhone(world, customer, notice.purpose, known))];
  const rank = ({ connected }: Way) => {
    const place = world.noticing.channels.indexOf(connected.channel.kind);
    return place === -1 ? world.noticing.channels.length : place;
  };
  return all.toSorted((a, b) => rank(a) - rank(b));
}

async function waysByPhone(world: World, customer: number, purpose: string, known: readonly Way[]): Promise<Way[]> {
  const kinds = new Set(known.map(({ connected }) => connected.channel.kind));
  const missing = [...world.channels.values()].filter(
    ({ channel }) => channel.addressOfPhone && !kinds.has(channel.kind),
  );
  if (missing.length === 0) return [];
  const states = await consentStates(world.db, customer);
  const ways: Way[] = [];
  for (const connected of missing) {
    const { channel, account } = connected;
    if (kinds.has(channel.kind) || !agreedTo(states, channel.kind, purpose).agreed) continue;
    const conversation = await world.db.transaction().execute((tx) =>
      conversationWithPhone(tx, account.id, customer, (facts) => {
        const phone = bestFact(facts, 'phone', 'shop-api')?.value;
        return phone?.startsWith('+') ? channel.addressOfPhone!(phone) : undefined;
      }),
    );
    if (!conversation) continue;
    kinds.add(channel.kind);
    ways.push({ connected, conversation });
  }
  return ways;
}

import { hours } from '../domain/duration.ts';
import type { Mapping, MappingContext } from '../domain/mapping.ts';
import { isOpen } from '../domain/opening-hours.ts';
import { joined, type Placement, type RoutingFacts, route } from '../domain/routing.ts';
import { languageOf } from '../kit/language.ts';
import type { Conversation } from '../store/conversations.ts';
import { isKnownCustomer, latestReferral } from '../store/customer-history.ts';
import type { Queryable } from '../store/database.ts';
import type { Message } from '../store/messages.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { latestOrderOf, orderVariables } from './order-of-customer.ts';
import { mappingContext, type NamedChannel } from './world.ts';

/** What the mapping makes of the messages that open a ticket. */
export interface TicketPlan {
  subject: string;
  tags: string[];
  fields: Record<string, unknown>;
  /** By the names that stand in the mapping. */
  placement: Placement;
  /** The routing rules that held. */
  rules: string[];
}

/** A referral opens the way to the message that follows, not to one of next week. */
const referralHolds = hours(24);

/** Asks only the ledger, so a preview may do the same with another mapping. `isKnown` undefined: it is looked up. */
export async function planTicket(
  db: Queryable,
  mapping: Mapping,
  connected: NamedChannel,
  conversation: Conversation,
  messages: readonly Message[],
  isKnown?: boolean,
): Promise<TicketPlan> {
  const at = messages[0]?.at ?? new Date(0);
  const text = saidIn(messages);
  const referral = await latestReferral(db, conversation.id, new Date(at.getTime() - referralHolds), at);
  const language = once(() => languageOf(text, conversation.customer.profile.locale));
  const shown = asFarAsFitFor('showOnTicket', mapping, conversation);
  const order = await latestOrderOf(db, conversation.customer.id, at);
  const plain = { ...mappingContext(connected, shown), ...(order ? { order: orderVariables(order) } : {}) };
  const context = contextOf(plain, referral, language);
  const known = mapping.routing.some(({ when }) => when.customer)
    ? (isKnown ?? (await isKnownCustomer(db, conversation.customer.id, new Date())))
    : false;
  const facts: RoutingFacts = {
    channel: connected.channel.kind,
    account: connected.account.id,
    referral: referral?.ref ?? referral?.source,
    ad: referral?.adId,
    text,
    get language() {
      return language();
    },
    open: !mapping.openingHours || isOpen(mapping.openingHours, at),
    known,
    order: order?.state ?? conversation.customer.attributes['orderState'],
  };
  const { tickets } = mapping;
  const routed = route(mapping.routing, facts, context);
  return {
    subject: tickets.subject(context),
    tags: [...new Set([...tickets.tags(context), ...routed.tags])],
    fields: joined(routed.fields, tickets.fields(context)),
    placement: routed.placement,
    rules: routed.rules,
  };
}

/** The language is told only to who asks: to tell it, statistics of many languages have to be loaded. */
function contextOf(
  plain: MappingContext,
  referral: MappingContext['referral'],
  language: () => string | undefined,
): MappingContext {
  const context = referral ? { ...plain, referral } : plain;
  return Object.defineProperty(context, 'language', { enumerable: true, get: language });
}

/** The customer's own words, one message a line. */
export const saidIn = (messages: readonly Message[]): string =>
  messages
    .filter(({ author }) => author === 'customer')
    .flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'text' ? [part.text] : part.type === 'button' ? [part.title] : [])),
    )
    .join('\n');

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

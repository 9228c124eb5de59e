import type { InboundEvent } from '../domain/event.ts';
import { type Fact, keptFact, type ToldFact } from '../domain/fact.ts';
import type { Part } from '../domain/part.ts';
import type { Profile } from '../domain/person.ts';
import { phoneNumber } from '../domain/phone.ts';
import { emailIn, phoneIn } from '../domain/recognise.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Queryable } from '../store/database.ts';
import { learnFacts } from '../store/facts.ts';
import type { ConnectedChannel } from './world.ts';

/**
 * What a customer said of themselves: an e-mail or a phone they wrote, or tapped in a quick reply that the platform filled.
 * The platforms do not say that they checked either.
 */
export function statedFacts(parts: readonly Part[], country?: string): ToldFact[] {
  const texts = parts.flatMap((part) => {
    if (part.type === 'text') return [part.text];
    return part.type === 'button' && part.payload ? [part.payload] : [];
  });
  return texts.flatMap((text) => [...told('email', emailIn(text)), ...told('phone', phoneIn(text, country))]);
}

const told = (kind: ToldFact['kind'], value: string | undefined): ToldFact[] =>
  value === undefined ? [] : [{ kind, value, evidence: 'stated', by: 'customer' }];

/** What the platform says of them. Of some platforms the phone is what they know a person by, and checked. */
export function platformFacts({ channel, account }: ConnectedChannel, { email, phone }: Profile): ToldFact[] {
  const number = phone && (phoneNumber(phone, account.defaultCountry) ?? phone);
  return [
    ...(email ? [{ kind: 'email', value: email, evidence: 'platform', by: 'platform' } as const] : []),
    ...(number
      ? [
          {
            kind: 'phone',
            value: number,
            evidence: channel.checksPhones ? 'platform-phone' : 'platform',
            by: 'platform',
          } as const,
        ]
      : []),
  ];
}

/** Keeps what events tell of the customer by themselves and by what they hold. */
export async function keepFactsTold(
  db: Queryable,
  connected: ConnectedChannel,
  conversation: Conversation,
  events: readonly InboundEvent[],
): Promise<void> {
  for (const event of events) {
    const said = event.type === 'postback' || (event.type === 'message' && !event.public) ? event.parts : [];
    const facts = [
      ...platformFacts(connected, event.profile ?? {}),
      ...statedFacts(said, connected.account.defaultCountry),
    ];
    if (facts.length > 0)
      await keepFacts(db, conversation, facts, { event: `${event.type}:${event.id}`, at: event.at });
  }
}

/** Keeps what was told through a conversation; what is known of its customer already costs no query. */
export async function keepFacts(
  db: Queryable,
  { customer, account, platformUser }: Conversation,
  facts: readonly ToldFact[],
  source: { event?: string; at: Date },
): Promise<void> {
  const news = facts.filter((fact) => !isKnown(customer.facts, fact));
  if (news.length > 0) await learnFacts(db, customer.id, news, { account, platformUser, ...source });
}

const isKnown = (known: readonly Fact[], { kind, value, evidence }: ToldFact): boolean =>
  known.some(
    (fact) => fact.kind === kind && fact.evidence === evidence && fact.compared === keptFact(kind, value)?.compared,
  );

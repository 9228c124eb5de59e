import type { ContactSearch } from '../crms/crm.ts';
import type { MatchRule } from '../domain/contact-match.ts';
import { type Evidence, isEnough } from '../domain/evidence.ts';
import { externalIdOf } from '../domain/external-id.ts';
import { byStrength, type Fact } from '../domain/fact.ts';
import type { Mapping } from '../domain/mapping.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Queryable } from '../store/database.ts';
import { platformUsersOf } from '../store/platform-users.ts';
import type { ConnectedChannel } from './world.ts';

/** A search, and how sure is what it rests on. */
export interface RatedSearch {
  search: ContactSearch;
  strength: Evidence;
}

type Channels = ReadonlyMap<string, ConnectedChannel>;

/** The rules of the mapping for this account, filled with what is known of the customer and is sure enough. */
export async function contactSearches(
  db: Queryable,
  channels: Channels,
  { contacts, identity }: Pick<Mapping, 'contacts' | 'identity'>,
  conversation: Conversation,
): Promise<RatedSearch[]> {
  const rules = contacts.matchFor[conversation.account] ?? contacts.match;
  const keys = await keysOf(db, channels, conversation);
  return rules.flatMap((rule) =>
    rule.by === 'external-id'
      ? byKey(rule, contacts.externalIdField, keys)
      : byFact(rule, conversation.customer.facts, identity.match),
  );
}

/**
 * Our keys of the customer: one for each platform user they are, the first they were known by first. Under that one a
 * contact is created, so that two conversations of one customer never make two.
 */
export async function keysOf(db: Queryable, channels: Channels, { account, platformUser, customer }: Conversation) {
  const users = [...(await platformUsersOf(db, customer.id)), { account, platformUser }];
  return [
    ...new Set(
      users.flatMap((user) => {
        const kind = channels.get(user.account)?.channel.kind;
        return kind ? [externalIdOf(kind, user.account, user.platformUser)] : [];
      }),
    ),
  ];
}

function byKey({ by, objects }: MatchRule, field: string | undefined, values: string[]): RatedSearch[] {
  return field ? [{ search: { by, field, values, objects }, strength: 'admin' }] : [];
}

/** By the strongest facts alone: what was verified is not joined by what was merely said. */
function byFact({ by, objects, field, evidence }: MatchRule, facts: readonly Fact[], usual: Evidence): RatedSearch[] {
  const enough = byStrength(facts.filter((fact) => fact.kind === by && isEnough(fact.evidence, evidence ?? usual)));
  const [strongest] = enough;
  if (!strongest) return [];
  const values = enough.filter((fact) => fact.evidence === strongest.evidence).map(({ value }) => value);
  return [{ search: { by, field, values: [...new Set(values)], objects }, strength: strongest.evidence }];
}

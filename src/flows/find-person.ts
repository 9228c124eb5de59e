import { type Candidate, maskedEmail } from '../domain/contact-match.ts';
import { type Evidence, isEnough } from '../domain/evidence.ts';
import { byStrength } from '../domain/fact.ts';
import type { PersonId } from '../domain/ids.ts';
import { done, type Outcome } from '../domain/outcome.ts';
import type { FoundPerson, PersonSearch } from '../helpdesks/helpdesk.ts';
import type { Conversation } from '../store/conversations.ts';
import { ask } from '../store/questions.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { tellAgents } from './tell-agents.ts';
import type { TicketWork } from './ticket-work.ts';
import { nameOf } from './world.ts';

/**
 * The helpdesk's user of a customer who has none by our key, found by the rules of the mapping (`people.match`). Undefined:
 * none, or several, which is a question to a person; the customer then gets a user of their own. After a person said whom
 * they are not, nobody is sought by rules.
 */
export async function findPerson(
  work: TicketWork,
  externalId: string,
): Promise<Outcome<{ id: PersonId; evidence: Evidence } | undefined>> {
  const { session } = work.helpdesk;
  const searches = searchesOf(work);
  if (searches.length === 0 || !session.findPeople || work.conversation.personsRefused.length > 0)
    return done(undefined);
  const found = await session.findPeople(externalId, searches);
  if (found.result !== 'done') return found;
  const [first, ...others] = found.value;
  // By our own key nothing is found that making sure would not find as well.
  if (!first || first.by === 'external-id') return done(undefined);
  if (others.length > 0) {
    await askWhich(work, found.value);
    return done(undefined);
  }
  // That it is found by our key from now on is a help, not a need.
  if (!first.hasExternalId) await session.adoptPerson?.(first.id, externalId);
  const evidence = searches.find(({ by }) => by === first.by)?.evidence ?? 'stated';
  work.world.tools.log.info('person.matched', { helpdesk: work.helpdesk.id, by: first.by, evidence });
  return done({ id: first.id, evidence });
}

/** By the strongest facts of each rule that are sure enough. */
function searchesOf({ world, conversation }: TicketWork): (PersonSearch & { evidence: Evidence })[] {
  return world.mapping.people.match.flatMap(({ by, evidence: needed }) => {
    const enough = byStrength(
      conversation.customer.facts.filter(({ kind, evidence }) => kind === by && isEnough(evidence, needed)),
    );
    const [strongest] = enough;
    if (!strongest) return [];
    const { evidence } = strongest;
    return [{ by, evidence, values: enough.filter((fact) => fact.evidence === evidence).map(({ value }) => value) }];
  });
}

async function askWhich({ world, connected, helpdesk, conversation, target }: TicketWork, found: FoundPerson[]) {
  const { id, customer, platformUser } = conversation;
  const why = `several users matched by ${found[0]?.by}`;
  const candidates = found.map((each) => candidateOf(helpdesk, each));
  world.tools.log.warn('person.ambiguous', { helpdesk: helpdesk.id, customer: customer.id });
  await world.db.transaction().execute(async (tx) => {
    const question = await ask(tx, { customer: customer.id, target, conversation: id, why, candidates });
    if (!question.isNew) return;
    await tellAgents(tx, world.queue, connected, {
      conversation: id,
      platformUser,
      text: wordsOf(nameOf(connected, shown(world.mapping, conversation)), candidates),
      at: world.tools.clock.now(),
      cause: `ambiguous-person:${helpdesk.id}`,
    });
  });
}

const shown = (mapping: TicketWork['world']['mapping'], conversation: Conversation) =>
  asFarAsFitFor('showOnTicket', mapping, conversation);

const wordsOf = (name: string, candidates: readonly Candidate[]): string =>
  `Several users here could be ${name}: ${candidates.map(({ name: other, url, id }) => `${other ?? id} (${url ?? id})`).join(', ')}. ` +
  'The customer got a user of their own until somebody says which one they are.';

const candidateOf = ({ session }: TicketWork['helpdesk'], { id, name, email }: FoundPerson): Candidate => ({
  id,
  object: 'User',
  ...(name ? { name } : {}),
  ...(email ? { email: maskedEmail(email) } : {}),
  ...(session.personUrl ? { url: session.personUrl(id) } : {}),
});

import type { ContactMatch } from '../crms/crm.ts';
import { type Candidate, maskedEmail } from '../domain/contact-match.ts';
import { minutes } from '../domain/duration.ts';
import type { Evidence } from '../domain/evidence.ts';
import { done, type Outcome } from '../domain/outcome.ts';
import { crmTarget } from '../domain/target.ts';
import { step } from '../kit/step.ts';
import {
  type ContactLink,
  contactLink,
  type KeptLink,
  type LinkedContact,
  saveContactLink,
} from '../store/contacts.ts';
import type { Conversation } from '../store/conversations.ts';
import { ask, withdrawQuestions } from '../store/questions.ts';
import { contactSearches, keysOf, type RatedSearch } from './contact-searches.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { tellAgents } from './tell-agents.ts';
import { type ConnectedChannel, type ConnectedCrm, mappingContext, type World } from './world.ts';

/** An ambiguous or missing match is looked at again after this time: an admin may have mended it at the CRM. */
const lookAgainAfter = minutes(15);

interface Matching {
  world: World;
  connected: ConnectedChannel;
  crm: ConnectedCrm;
  conversation: Conversation;
}

/**
 * The contact a customer is, or undefined: none is wanted, or there are several and a person must say. Asked of the CRM
 * once; the link then holds. What a person decided holds until a person decides otherwise.
 */
export async function resolveContact(
  world: World,
  connected: ConnectedChannel,
  crm: ConnectedCrm,
  conversation: Conversation,
): Promise<Outcome<LinkedContact | undefined>> {
  const known = await contactLink(world.db, conversation.customer.id, crm.id);
  if (known && (known.state === 'linked' || known.decided || !isDue(known, world.tools.clock.now())))
    return done(contactOf(known));
  const matching = { world, connected, crm, conversation };
  const matched = await match(matching, known);
  return matched.result === 'done' ? done(contactOf(await keep(matching, matched.value))) : matched;
}

/** What a person said of the candidates is acted upon at once. */
const isDue = ({ state, by, checkedAt }: KeptLink, now: Date): boolean =>
  (state === 'none' && by !== 'rule') || now.getTime() - checkedAt.getTime() >= lookAgainAfter;

const contactOf = (link: ContactLink): LinkedContact | undefined =>
  link.state === 'linked' ? link.contact : undefined;

async function match(matching: Matching, known: KeptLink | undefined): Promise<Outcome<ContactLink>> {
  const { world, crm, conversation } = matching;
  const rated = await contactSearches(world.db, world.channels, world.mapping, conversation);
  const found = await crm.session.findContacts(rated.map(({ search }) => search));
  if (found.result !== 'done') return found;
  const refused = known?.state === 'none' ? (known.refused ?? []) : [];
  const possible = without(found.value, refused);
  if (possible.length > 0) return done(linkOf(matching, rated, possible));
  if (!world.mapping.contacts.create) return done({ state: 'none', refused, evidence: 'no contact matched' });
  return creationUnsure(known) ? done(unsureCreation) : create(matching, rated, refused);
}

const without = (matches: readonly ContactMatch[], refused: readonly Candidate[]): ContactMatch[] =>
  matches.filter(({ id }) => !refused.some((each) => each.id === id));

/** After a person refused those who look the same, one is made all the same. */
async function create(
  matching: Matching,
  rated: readonly RatedSearch[],
  refused: Candidate[],
): Promise<Outcome<ContactLink>> {
  const { world, connected, crm, conversation } = matching;
  const fit = asFarAsFitFor('writeContact', world.mapping, conversation);
  const fields = world.mapping.contacts.fields(mappingContext(connected, fit));
  const key = await keyOf(world, conversation);
  step('contact.creating');
  const created = await crm.session.createContact(fields, key, refused.length > 0);
  step('contact.created');
  if (created.result === 'unsure' && !key) return done(unsureCreation);
  if (created.result !== 'done') return created;
  const possible = without(created.value, refused);
  if (possible.length > 0) return done(linkOf(matching, rated, possible));
  return done({ state: 'none', refused, evidence: 'the CRM’s duplicate rules let no contact be created' });
}

/**
 * Without a key nothing tells whether a contact was made before the answer got lost: a second one might double it, so a
 * person has to look.
 */
const unsureCreation: ContactLink = {
  state: 'ambiguous',
  candidates: [],
  evidence: 'it is not known whether a contact was created',
};

const creationUnsure = (known: ContactLink | undefined): boolean =>
  known?.state === 'ambiguous' && known.candidates.length === 0;

function linkOf({ crm }: Matching, rated: readonly RatedSearch[], matches: readonly ContactMatch[]): ContactLink {
  const [first, ...others] = matches;
  if (!first) return { state: 'none', evidence: 'no contact matched' };
  const strength = strengthOf(first, rated);
  const evidence = first.by === 'created' ? 'created by us' : `matched by ${first.by}`;
  if (others.length > 0)
    return {
      state: 'ambiguous',
      candidates: matches.map((each) => candidateOf(crm, each)),
      evidence: `several contacts matched by ${first.by}`,
    };
  const { id, object, name } = first;
  return {
    state: 'linked',
    contact: { id, object, ...(name ? { name } : {}), url: crm.session.recordUrl(id) },
    evidence,
    strength,
  };
}

/** A link is as strong as the fact it was matched by. Our own key and what we made ourselves are beyond doubt. */
function strengthOf({ by }: ContactMatch, rated: readonly RatedSearch[]): Evidence {
  if (by === 'created' || by === 'external-id') return 'admin';
  return rated.find(({ search }) => search.by === by)?.strength ?? 'stated';
}

const candidateOf = ({ session }: ConnectedCrm, { id, object, name, email }: ContactMatch): Candidate => ({
  id,
  object,
  ...(name ? { name } : {}),
  ...(email ? { email: maskedEmail(email) } : {}),
  url: session.recordUrl(id),
});

async function keyOf({ db, channels, mapping }: World, conversation: Conversation) {
  const [value] = await keysOf(db, channels, conversation);
  const field = mapping.contacts.externalIdField;
  return field && value !== undefined ? { field, value } : undefined;
}

/** Keeps the link; of several candidates a person is asked, and agents are told. Returns what holds: others may have been faster. */
async function keep(matching: Matching, found: ContactLink): Promise<ContactLink> {
  const { world, crm, conversation } = matching;
  const customer = conversation.customer.id;
  const target = crmTarget(crm.id);
  return world.db.transaction().execute(async (tx) => {
    const kept = await saveContactLink(tx, customer, crm.id, found);
    if (kept.state !== 'ambiguous') {
      await withdrawQuestions(tx, customer, target);
      return kept;
    }
    const { candidates, evidence: why } = kept;
    const question = await ask(tx, { customer, target, why, candidates });
    world.tools.log.warn('contact.ambiguous', { crm: crm.id, customer, question: question.id });
    if (question.isNew) await tellOfCandidates(tx, matching);
    return kept;
  });
}

async function tellOfCandidates(
  tx: Parameters<typeof tellAgents>[0],
  { world, connected, crm, conversation }: Matching,
): Promise<void> {
  const shown = asFarAsFitFor('showOnTicket', world.mapping, conversation);
  await tellAgents(tx, world.queue, connected, {
    conversation: conversation.id,
    platformUser: conversation.platformUser,
    text: world.mapping.notes.ambiguousContact(mappingContext(connected, shown)),
    at: world.tools.clock.now(),
    cause: `ambiguous-contact:${crm.id}`,
  });
}

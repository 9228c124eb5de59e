import type { ContactCriteria, ContactMatch } from '../crms/crm.ts';
import { minutes } from '../domain/duration.ts';
import { externalIdOf } from '../domain/external-id.ts';
import type { ContactId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import { step } from '../kit/step.ts';
import { type ContactLink, contactLink, saveContactLink } from '../store/contacts.ts';
import type { Conversation } from '../store/conversations.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { tellAgents } from './tell-agents.ts';
import { type ConnectedChannel, type ConnectedCrm, mappingContext, type World } from './world.ts';

/** An ambiguous or missing match is looked at again after this time: an admin may have mended it at the CRM. */
const lookAgainAfter = minutes(15);

/**
 * The contact a customer is, or undefined: none is wanted, or there are several and a person must say. Asked of the CRM
 * once; the link then holds.
 */
export async function resolveContact(
  world: World,
  connected: ConnectedChannel,
  crm: ConnectedCrm,
  conversation: Conversation,
): Promise<Outcome<ContactId | undefined>> {
  const known = await contactLink(world.db, conversation.customer.id, crm.id);
  const age = world.tools.clock.now().getTime() - (known?.checkedAt.getTime() ?? 0);
  if (known?.state === 'linked') return { result: 'done', value: known.contact };
  if (known && age < lookAgainAfter) return { result: 'done', value: undefined };
  const matched = await match(world, connected, crm, conversation, !creationUnsure(known));
  if (matched.result !== 'done') return matched;
  await saveContactLink(world.db, conversation.customer.id, crm.id, matched.value);
  if (matched.value.state === 'ambiguous') await tellOfCandidates(world, connected, conversation, crm.id);
  return { result: 'done', value: matched.value.state === 'linked' ? matched.value.contact : undefined };
}

async function match(
  { mapping }: World,
  connected: ConnectedChannel,
  crm: ConnectedCrm,
  conversation: Conversation,
  mayCreate: boolean,
): Promise<Outcome<ContactLink>> {
  const found = await crm.session.findContacts(criteriaOf(mapping, connected, conversation));
  if (found.result !== 'done') return found;
  if (found.value.length > 0 || !mapping.contacts.create) return { result: 'done', value: linkOf(found.value) };
  if (!mayCreate) return { result: 'done', value: unsureCreation };
  const fields = mapping.contacts.fields(
    mappingContext(connected, asFarAsFitFor('writeContact', mapping, conversation)),
  );
  const key = keyOf(mapping, connected, conversation);
  step('contact.creating');
  const created = await crm.session.createContact(fields, key);
  step('contact.created');
  if (created.result === 'unsure' && !key) return { result: 'done', value: unsureCreation };
  return created.result === 'done' ? { result: 'done', value: linkOf(created.value) } : created;
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

function linkOf(matches: readonly ContactMatch[]): ContactLink {
  const [first, ...others] = matches;
  if (!first) return { state: 'none', evidence: 'no contact matched' };
  if (others.length === 0) return { state: 'linked', contact: first.id, evidence: `matched by ${first.by}` };
  const candidates = matches.map(({ id, name }) => ({ id, ...(name ? { name } : {}) }));
  return { state: 'ambiguous', candidates, evidence: `several contacts matched by ${first.by}` };
}

function criteriaOf(
  mapping: World['mapping'],
  connected: ConnectedChannel,
  conversation: Conversation,
): ContactCriteria {
  const { email, phone } = asFarAsFitFor('match', mapping, conversation).customer.profile;
  const wanted = new Set(mapping.contacts.match);
  const externalId = keyOf(mapping, connected, conversation);
  return {
    ...(wanted.has('external-id') && externalId ? { externalId } : {}),
    ...(wanted.has('email') && email ? { email } : {}),
    ...(wanted.has('phone') && phone ? { phone } : {}),
  };
}

function keyOf({ contacts }: World['mapping'], { channel, account }: ConnectedChannel, conversation: Conversation) {
  if (!contacts.externalIdField) return undefined;
  return {
    field: contacts.externalIdField,
    value: externalIdOf(channel.kind, account.id, conversation.platformUser),
  };
}

async function tellOfCandidates(
  world: World,
  connected: ConnectedChannel,
  conversation: Conversation,
  crm: string,
): Promise<void> {
  world.tools.log.warn('contact.ambiguous', { crm, customer: conversation.customer.id });
  const shown = asFarAsFitFor('showOnTicket', world.mapping, conversation);
  const text = world.mapping.notes.ambiguousContact(mappingContext(connected, shown));
  await world.db.transaction().execute((tx) =>
    tellAgents(tx, world.queue, connected, {
      conversation: conversation.id,
      platformUser: conversation.platformUser,
      text,
      at: world.tools.clock.now(),
      cause: `ambiguous-contact:${crm}`,
    }),
  );
}

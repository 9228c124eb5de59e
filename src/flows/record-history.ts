import type { HistoryEntry, Recorded } from '../crms/crm.ts';
import { milliseconds, seconds } from '../domain/duration.ts';
import type { Mapping } from '../domain/mapping.ts';
import { readableParts } from '../domain/readable-parts.ts';
import { removedText } from '../domain/removed.ts';
import { crmTarget, type Target } from '../domain/target.ts';
import { transcript } from '../domain/transcript.ts';
import { sha256Hex } from '../kit/crypto.ts';
import { step } from '../kit/step.ts';
import { traced } from '../kit/tracer.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { dropContactLink, type LinkedContact, moveContactLinks } from '../store/contacts.ts';
import { type Conversation, conversationById } from '../store/conversations.ts';
import { endDeliveries, endParkedOf, isWaiting } from '../store/deliveries.ts';
import { entriesOfTicket, historyRecord, saveHistoryRecord } from '../store/history-entries.ts';
import { mediaOf, mediaOfMessages } from '../store/media.ts';
import { type Message, messagesByIds, messagesOfTicket, putOnTicket, waitingFor } from '../store/messages.ts';
import { beginTicket, type LedgerTicket, latestTicket, setTicketState, ticketById } from '../store/tickets.ts';
import { fatesOf } from './file-fates.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { leaveToHelpdesk } from './history-on-ticket.ts';
import { journeysOf } from './journeys.ts';
import { knowProfile } from './know-profile.ts';
import { resolveContact } from './resolve-contact.ts';
import { tryAgainLater } from './ticket-work.ts';
import { unlessPoison } from './unless-poison.ts';
import { type ConnectedChannel, type ConnectedCrm, helpdeskOf, mappingContext, nameOf, type World } from './world.ts';

interface HistoryWork {
  world: World;
  connected: ConnectedChannel;
  conversation: Conversation;
  crm: ConnectedCrm;
  target: Target;
}

/** The `history` job: what was said since the last time is recorded at the CRM, as the mapping's shape wants it. */
export async function recordHistory(world: World, key: string): Promise<CatchUp> {
  const found = await conversationById(world.db, Number(key));
  const connected = found && world.channels.get(found.account);
  const crm = connected && world.crms.get(connected.account.crm ?? '');
  if (!crm) return allDone;
  const target = crmTarget(crm.id);
  const waiting = await waitingFor(world.db, target, found.id);
  if (waiting.length === 0 || (await world.health.pauseOf(target))) return allDone;
  const conversation = await knowProfile(world, connected, found);
  const work: HistoryWork = { world, connected, conversation, crm, target };
  const groups = await byTicket(work, waiting);
  if (groups.size === 0) return allDone;
  const journeys = () => journeysOf(found.account, [...groups.values()].flat());
  return traced(world.tools.trace, 'history', journeys, () => recordAll(work, waiting, groups));
}

async function recordAll(
  work: HistoryWork,
  waiting: readonly Message[],
  groups: ReadonlyMap<number, Message[]>,
): Promise<CatchUp> {
  const { world, connected, conversation, crm, target } = work;
  const then = { ...world, mapping: await world.mappingAt(waiting[0]?.mapping) };
  const contact = await resolveContact(then, connected, crm, conversation);
  const all = waiting.map(({ id }) => id);
  if (contact.result === 'never') return parked(work, waiting, contact.why);
  if (contact.result !== 'done') return tryAgainLater(world, work.target, contact, all, waiting[0]?.attempts ?? 0);
  const left = await leaveToHelpdesk(work, groups, contact.value?.id);
  if (left) return left;
  for (const [ticketId, messages] of groups) {
    const ticket = (await ticketById(world.db, ticketId))!;
    const mapping = await world.mappingAt(ticket.mapping);
    for (const together of unitsOf(mapping, messages)) {
      const ids = together.map(({ id }) => id);
      const step = () => recordTicket(work, mapping, ticket, together, contact.value);
      const ended = await unlessPoison(world, target, ids, step);
      if ('poison' in ended) await parked(work, together, ended.poison);
      else if (ended.left) return ended;
    }
  }
  return waiting.length === 200 ? leftFor(milliseconds(1)) : allDone;
}

/** What is written, and refused, together: a task holds the whole ticket, an object one message. */
const unitsOf = ({ history }: Mapping, messages: Message[]): Message[][] =>
  history.shape === 'task' ? [messages] : messages.map((message) => [message]);

/** Messages by the ticket they are on. One that is still on its way to the helpdesk waits: its ticket is not known yet. */
async function byTicket(work: HistoryWork, waiting: readonly Message[]): Promise<Map<number, Message[]>> {
  const groups = new Map<number, Message[]>();
  for (const message of waiting) {
    const ticket = message.ticket ?? (await ticketFor(work, message));
    if (ticket !== undefined) groups.set(ticket, [...(groups.get(ticket) ?? []), message]);
  }
  return groups;
}

/**
 * What never comes to a ticket belongs to history all the same: on the conversation's latest ticket, or, where the
 * account has no helpdesk, on a stretch that is in the ledger alone. Undefined while it is on its way to a ticket.
 */
async function ticketFor(work: HistoryWork, message: Message): Promise<number | undefined> {
  const { world, connected, conversation } = work;
  const helpdesk = helpdeskOf(connected);
  if (helpdesk && (await isWaiting(world.db, helpdesk, message.id))) return undefined;
  const latest = await latestTicket(world.db, conversation.id, connected.account.helpdesk ?? '');
  const ticket = latest ?? (await ledgerTicket(work));
  await putOnTicket(world.db, [message.id], ticket.id);
  return ticket.id;
}

async function ledgerTicket({ world, connected, conversation }: HistoryWork): Promise<LedgerTicket> {
  const externalId = `ledger:${connected.account.id}:${conversation.id}`;
  const ticket = await beginTicket(world.db, { conversation: conversation.id, helpdesk: '', externalId });
  await setTicketState(world.db, ticket.id, 'open');
  return ticket;
}

async function recordTicket(
  work: HistoryWork,
  mapping: Mapping,
  ticket: LedgerTicket,
  messages: readonly Message[],
  contact: LinkedContact | undefined,
): Promise<CatchUp> {
  const { world, target } = work;
  const entries =
    mapping.history.shape === 'task'
      ? await taskEntries(work, mapping, ticket, contact)
      : await objectEntries(work, mapping, ticket, messages, contact);
  for (const entry of entries) {
    const recorded = await record(work, ticket, entry, contact);
    if (recorded.result === 'contact-gone' || recorded.result === 'contact-moved') {
      if (contact) await contactWent(work, contact, recorded);
      return leftFor(recorded.result === 'contact-moved' ? milliseconds(1) : seconds(1));
    }
    if (recorded.result === 'never') return parked(work, messages, recorded.why);
    if (recorded.result !== 'done') {
      const ids = messages.map(({ id }) => id);
      return tryAgainLater(world, target, recorded, ids, messages[0]?.attempts ?? 0);
    }
  }
  const ids = messages.map(({ id }) => id);
  const ended = await endDeliveries(world.db, target, ids, 'done');
  if (mapping.history.shape === 'task') await endParkedOf(world.db, target, ticket.id);
  for (const { ms } of ended) world.meters.delivery(target, 'done', ms);
  world.tools.log.info('history.recorded', {
    target,
    ticket: ticket.id,
    entries: entries.length,
    messages: ids.length,
  });
  await world.health.answered(target);
  return allDone;
}

async function contactWent(
  { world, conversation, crm }: HistoryWork,
  contact: LinkedContact,
  went: Extract<Recorded, { result: 'contact-gone' | 'contact-moved' }>,
): Promise<void> {
  if (went.result === 'contact-moved') await moveContactLinks(world.db, crm.id, contact.id, went.to);
  else await dropContactLink(world.db, conversation.customer.id, crm.id, contact.id);
}

/** Writes an entry unless it stands there as it is already. What was tied to a contact and is no longer is untied. */
async function record(
  { world, crm }: HistoryWork,
  ticket: LedgerTicket,
  entry: HistoryEntry,
  contact: LinkedContact | undefined,
) {
  const { known: _, ...content } = entry.shape === 'task' ? entry : { ...entry, known: undefined };
  const digest = sha256Hex(JSON.stringify(content));
  const before = await historyRecord(world.db, crm.id, entry.key);
  if (before?.digest === digest) return { result: 'done' as const };
  const known = entry.shape === 'task' && before?.remoteId ? { known: before.remoteId } : {};
  step('history.writing');
  const untie = before?.contact && !contact ? { untie: true as const } : {};
  const recorded = await crm.session.recordHistory({ ...entry, ...known, ...untie });
  step('history.written');
  if (recorded.result !== 'done') return recorded;
  const remoteId = recorded.value.id ?? before?.remoteId;
  const written = { key: entry.key, digest, remoteId, contact: contact?.id };
  await saveHistoryRecord(world.db, { ticket: ticket.id, crm: crm.id, ...written });
  return { result: 'done' as const };
}

/** The transcript of a ticket, rebuilt from the ledger, as one task or several when it is long. */
async function taskEntries(
  { world, connected, conversation, crm }: HistoryWork,
  mapping: Mapping,
  ticket: LedgerTicket,
  contact: LinkedContact | undefined,
): Promise<HistoryEntry[]> {
  const messages = await messagesOfTicket(world.db, ticket.id);
  const files = await mediaOfMessages(
    world.db,
    messages.map(({ id }) => id),
  );
  const lines = messages.map((message) => ({
    at: message.at,
    author: authorOf(connected, conversation, message),
    text: readableParts(message.parts, fatesOf(files.get(message.id) ?? new Map())),
    late: message.late,
  }));
  const shown = asFarAsFitFor('showOnTicket', mapping, conversation);
  const context = { ...mappingContext(connected, shown), ticket: { id: ticket.remoteId ?? String(ticket.id) } };
  const { subject, fields, keyField } = mapping.history;
  const pieces = transcript(lines, crm.limits.descriptionLength);
  // What was removed may leave fewer parts than there were: those too many must not keep what they say.
  const before = await entriesOfTicket(world.db, crm.id, ticket.id, ticket.externalId);
  while (pieces.length < before) pieces.push(removedText);
  return pieces.map((description, n) => ({
    shape: 'task',
    key: n === 0 ? ticket.externalId : `${ticket.externalId}#${n + 1}`,
    keyField,
    ...(contact ? { contact: contact.id } : {}),
    subject: `${subject(context)}${n === 0 ? '' : ` (part ${n + 1})`}`.slice(0, crm.limits.subjectLength),
    description,
    day: (messages[0]?.at ?? new Date()).toISOString().slice(0, 10),
    fields: fields(context),
  }));
}

/** A late file is no entry of its own: the message it belongs to is told again; and so is what was removed. */
async function wholesOf({ world }: HistoryWork, messages: readonly Message[]): Promise<Message[]> {
  const of = async (message: Message): Promise<Message[]> => {
    const { fileOf, redacts } = message.detail;
    const wholes = await messagesByIds(world.db, redacts ?? (fileOf ? [fileOf.message] : []));
    if (redacts) return wholes.filter(({ kind }) => kind === 'said');
    return wholes.length > 0 ? wholes : [message];
  };
  return (await Promise.all(messages.map(of))).flat();
}

/** A correction is no entry of its own: what was said on its ticket is told again, of the right contact. */
async function objectEntries(
  work: HistoryWork,
  mapping: Mapping,
  ticket: LedgerTicket,
  messages: readonly Message[],
  contact: LinkedContact | undefined,
): Promise<HistoryEntry[]> {
  const said = messages.some(({ detail }) => detail.correction)
    ? (await messagesOfTicket(work.world.db, ticket.id)).filter(({ detail }) => !detail.correction)
    : await wholesOf(work, messages);
  return Promise.all(said.map((m) => objectEntry(work, mapping, ticket, m, contact)));
}

async function objectEntry(
  { world, connected, conversation }: HistoryWork,
  ofTicket: Mapping,
  ticket: LedgerTicket,
  message: Message,
  contact: LinkedContact | undefined,
): Promise<HistoryEntry> {
  // A ticket keeps its shape; within it each message is written as its own version says.
  const ofMessage = (await world.mappingAt(message.mapping)).history;
  const { object, keyField, objectFields } = ofMessage.shape === 'object' ? ofMessage : ofTicket.history;
  const context = {
    ...mappingContext(connected, asFarAsFitFor('showOnTicket', ofTicket, conversation)),
    ticket: { id: ticket.remoteId ?? String(ticket.id) },
    message: {
      id: String(message.id),
      text: readableParts(message.parts, fatesOf(await mediaOf(world.db, message.id))),
      at: message.at.toISOString(),
      direction: message.author === 'customer' ? ('in' as const) : ('out' as const),
      author: authorOf(connected, conversation, message),
    },
  };
  const fields = objectFields({ ...context, ...(contact ? { contact: namesOf(contact) } : {}) });
  // A field that only a contact fills is emptied where there is none, lest a wrong one stays.
  const always = objectFields({ ...context, contact: { id: 'x', leadId: 'x' } });
  const emptied = Object.keys(always).filter((name) => !(name in fields));
  const cleared = Object.fromEntries(emptied.map((name) => [name, null]));
  const key = `${ticket.externalId}:${message.id}`;
  return { shape: 'object', object, key, keyField, fields: { ...cleared, ...fields } };
}

/** A lead is no contact: fields that refer to contacts cannot hold it. */
const namesOf = ({ id, object }: LinkedContact) => (object === 'Lead' ? { leadId: id } : { id });

function authorOf(connected: ConnectedChannel, conversation: Conversation, message: Message): string {
  if (message.author === 'customer') return nameOf(connected, conversation);
  return message.author === 'agent' ? 'Agent' : (message.detail.authorName ?? 'Passerelle');
}

async function parked(work: HistoryWork, messages: readonly Message[], why: string): Promise<CatchUp> {
  const ids = messages.map(({ id }) => id);
  await endDeliveries(work.world.db, work.target, ids, 'parked', why);
  work.world.meters.delivery(work.target, 'never');
  await work.world.health.answered(work.target);
  work.world.tools.log.error('delivery.parked', { target: work.target, messages: ids, why });
  return allDone;
}

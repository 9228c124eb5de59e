import type { Mapping, MappingContext } from '../domain/mapping.ts';
import { readableParts } from '../domain/readable-parts.ts';
import type { Placement } from '../domain/routing.ts';
import { contactLink } from '../store/contacts.ts';
import { type Conversation, conversationById } from '../store/conversations.ts';
import { isKnownCustomer } from '../store/customer-history.ts';
import { mappingInForce, mappingVersion } from '../store/mapping-versions.ts';
import { type Message, messagesByIds, messagesOfTicket } from '../store/messages.ts';
import { type PastTicket, pastTickets } from '../store/past-tickets.ts';
import { planTicket } from './draft-ticket.ts';
import { asFarAsFitFor } from './fit-for.ts';
import type { MappingReader } from './live-mapping.ts';
import type { MappingDesk } from './mapping-desk.ts';
import type { CommentRequest } from './ticket-work.ts';
import { mappingContext, type NamedChannel, nameOf } from './world.ts';

/** What a mapping makes of one past ticket. */
export interface Sheet {
  subject: string;
  tags: string[];
  fields: Record<string, unknown>;
  /** By the names in the mapping. */
  placement: Placement;
  /** The routing rules that held. */
  rules: string[];
  requester: Record<string, unknown>;
  contact: Record<string, unknown>;
  history: HistorySheet;
}

/** A task of the whole ticket; or the records of its first messages. */
type HistorySheet =
  | { shape: 'task'; subject: string; fields: Record<string, unknown> }
  | { shape: 'object'; object: string; records: Record<string, unknown>[] };

export interface TicketPreview {
  /** The helpdesk's number, else ours. */
  ticket: string;
  at: Date;
  /** The version it was opened under. */
  version: number;
  /** Undefined where that version cannot be read any more. */
  was: Sheet | undefined;
  would: Sheet;
}

export interface Preview {
  conversation: number;
  tickets: TicketPreview[];
}

const mostTickets = 5;
const mostRecords = 5;

/** What would have been written of a past conversation under this mapping, beside what was. Writes nothing, asks nobody. */
export async function previewMapping(
  desk: Pick<MappingDesk, 'db' | 'reader' | 'channels' | 'crms'>,
  mapping: Mapping,
  conversationId: number,
): Promise<Preview | undefined> {
  const conversation = await conversationById(desk.db, conversationId);
  const connected = conversation && desk.channels.get(conversation.account);
  if (!connected) return undefined;
  const tickets: TicketPreview[] = [];
  for (const ticket of await pastTickets(desk.db, conversation.id, mostTickets))
    tickets.push(await previewTicket({ ...desk, connected, conversation }, mapping, ticket));
  return { conversation: conversation.id, tickets };
}

interface PreviewWork extends Pick<MappingDesk, 'db' | 'reader' | 'crms'> {
  connected: NamedChannel;
  conversation: Conversation;
}

async function previewTicket(work: PreviewWork, mapping: Mapping, ticket: PastTicket): Promise<TicketPreview> {
  const version = ticket.mapping ?? 1;
  const before = await versionOf(work, version);
  const was = before && (await sheetOf(work, before, ticket));
  return {
    ticket: ticket.remoteId ?? String(ticket.id),
    at: ticket.at,
    version,
    was: was && asWritten(was, ticket),
    would: await sheetOf(work, mapping, ticket),
  };
}

async function versionOf({ db, reader }: PreviewWork, number: number): Promise<Mapping | undefined> {
  const read = reader.read((await mappingVersion(db, number))?.text ?? '');
  return read.ok ? read.mapping : undefined;
}

/** What was asked of the helpdesk stands in the ledger; it may differ from what the version says of what is known by now. */
function asWritten(was: Sheet, { request }: PastTicket): Sheet {
  const asked = request as CommentRequest | null;
  if (!asked || !('create' in asked)) return was;
  const { subject, tags, fields } = asked.create;
  return { ...was, subject, tags, fields };
}

async function sheetOf(work: PreviewWork, mapping: Mapping, ticket: PastTicket): Promise<Sheet> {
  const { db, connected, conversation } = work;
  const all = await messagesOfTicket(db, ticket.id);
  const opening = ticket.messages.length > 0 ? await messagesByIds(db, ticket.messages) : all.slice(0, 1);
  const known = await isKnownCustomer(db, conversation.customer.id, ticket.at);
  const plan = await planTicket(db, mapping, connected, conversation, opening, known);
  const contextFor = (act: 'writePerson' | 'writeContact' | 'showOnTicket') =>
    mappingContext(connected, asFarAsFitFor(act, mapping, conversation));
  const context = contextFor('showOnTicket');
  return {
    ...plan,
    requester: mapping.requester.fields(contextFor('writePerson')),
    contact: mapping.contacts.fields(contextFor('writeContact')),
    history: await historySheet(
      work,
      mapping,
      { ...context, ticket: { id: ticket.remoteId ?? String(ticket.id) } },
      all,
    ),
  };
}

async function historySheet(
  work: PreviewWork,
  { history }: Mapping,
  context: MappingContext,
  messages: readonly Message[],
): Promise<HistorySheet> {
  if (history.shape === 'task')
    return { shape: 'task', subject: history.subject(context), fields: history.fields(context) };
  const contact = await linkedContact(work);
  const said = messages.filter(({ detail }) => !detail.correction);
  const records = said.slice(0, mostRecords).map((message) =>
    history.objectFields({
      ...context,
      ...(contact ? { contact } : {}),
      message: {
        id: String(message.id),
        text: readableParts(message.parts),
        at: message.at.toISOString(),
        direction: message.author === 'customer' ? 'in' : 'out',
        author: authorOf(work, message),
      },
    }),
  );
  return { shape: 'object', object: history.object, records };
}

/** As the history would name it: a lead is no contact. */
async function linkedContact({ db, crms, conversation }: PreviewWork): Promise<MappingContext['contact']> {
  for (const crm of crms.keys()) {
    const link = await contactLink(db, conversation.customer.id, crm);
    if (link?.state !== 'linked') continue;
    const { id, object } = link.contact;
    return object === 'Lead' ? { leadId: id } : { id };
  }
  return undefined;
}

function authorOf({ connected, conversation }: PreviewWork, { author, detail }: Message): string {
  if (author === 'customer') return nameOf(connected, conversation);
  return author === 'agent' ? 'Agent' : (detail.authorName ?? 'Passerelle');
}

/** The mapping of a text, or that of the version in force where there is none. Undefined with mistakes told. */
export async function draftOrInForce(
  { db, reader }: Pick<MappingDesk, 'db' | 'reader'>,
  draft: { text: string; file?: string } | undefined,
): Promise<ReturnType<MappingReader['read']>> {
  if (draft) return reader.read(draft.text, draft.file);
  const number = await mappingInForce(db);
  const version = number === undefined ? undefined : await mappingVersion(db, number);
  return reader.read(version?.text ?? reader.text, number === undefined ? reader.file : `mapping version ${number}`);
}

/** The sheets line by line: ` ` alike, `-` was, `+` would be. */
export function previewLines({ was, would }: TicketPreview): string[] {
  const [before, after] = [new Map(was ? linesOf(was) : []), new Map(linesOf(would))];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === now) return [`  ${name}: ${now}`];
    return [...(old === undefined ? [] : [`- ${name}: ${old}`]), ...(now === undefined ? [] : [`+ ${name}: ${now}`])];
  });
}

function linesOf({ history, rules, tags, subject, ...rest }: Sheet): [string, string][] {
  const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const under = (name: string, values: object): [string, string][] =>
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[`${name}.${key}`, shown(value)]]));
  const told =
    history.shape === 'task'
      ? under('history', history)
      : history.records.flatMap((record, n) => under(`${history.object}[${n}]`, record));
  const lines: [string, string][] = [
    ['subject', subject],
    ['tags', [...tags].sort().join(', ')],
    ['rules', rules.join(', ')],
    ...under('ticket', rest.placement),
    ...under('field', rest.fields),
    ...under('requester', rest.requester),
    ...under('contact', rest.contact),
    ...told,
  ];
  return lines.filter(([, text]) => text !== '');
}

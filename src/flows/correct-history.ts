import { conversationKey } from '../domain/conversation-key.ts';
import { crmTarget } from '../domain/target.ts';
import type { WakeUp } from '../queue/wake-up.ts';
import type { LinkedContact } from '../store/contacts.ts';
import type { Tx } from '../store/database.ts';
import { type HeldContact, heldContacts, ticketsOf } from '../store/held-contacts.ts';
import type { ActKind } from '../store/link-acts.ts';
import { addMessage } from '../store/messages.ts';
import type { Operations } from './operations.ts';
import { helpdeskOf } from './world.ts';

/** The contact each conversation's history is tied to, by conversation and CRM. */
export type Contacts = ReadonlyMap<string, HeldContact>;

const nameOf = ({ conversation, crm }: HeldContact) => `${conversation} ${crm}`;

/** Of all conversations of these customers. */
export async function contactsOf(
  tx: Tx,
  accounts: Operations['accounts'],
  customers: readonly number[],
): Promise<Contacts> {
  const held = await heldContacts(tx, { customers }, crmsOf(accounts));
  return new Map(held.map((each) => [nameOf(each), each]));
}

/** The CRMs in which customers of these accounts are. */
export const crmsOf = (accounts: Operations['accounts']): string[] => [
  ...new Set([...accounts.values()].flatMap(({ account }) => account.crm ?? [])),
];

export interface Doing {
  act: number;
  what: ActKind;
  /** Told on tickets even if it gives no conversation another contact. */
  tellAnyway?: string | undefined;
  who: string;
  why?: string | undefined;
  now: Date;
}

/**
 * Where an act gave a conversation another contact, or none: each of its tickets gets a note, and the note is to be told at
 * the CRM too, which makes the `history` job write that ticket's entries anew, for the right contact. Returns how many tickets.
 */
export async function correctHistory(
  tx: Tx,
  { queue, accounts }: Pick<Operations, 'queue' | 'accounts'>,
  before: Contacts,
  doing: Doing,
): Promise<number> {
  const conversations = [...new Set([...before.values()].map(({ conversation }) => conversation))];
  const now = await heldContacts(tx, { conversations }, crmsOf(accounts));
  const moved = now.filter(
    (held) => doing.tellAnyway !== undefined || held.contact?.id !== before.get(nameOf(held))?.contact?.id,
  );
  const wakeUps: WakeUp[] = [];
  let corrected = 0;
  for (const held of moved) {
    const connected = accounts.get(held.account);
    if (connected?.account.crm !== held.crm) continue;
    const from = before.get(nameOf(held))?.contact;
    const note = { text: wordsOf(from, held.contact, doing), wrong: from?.id === held.contact?.id ? undefined : from };
    corrected += await noteOnTickets(tx, held, note, doing, helpdeskOf(connected));
    wakeUps.push({ queue: 'history', key: String(held.conversation) });
    wakeUps.push({ queue: 'conversation', key: conversationKey(held.account, held.platformUser) });
  }
  if (wakeUps.length > 0) await queue.wake(tx, wakeUps);
  return corrected;
}

/** Agents are told on tickets that still live, the history of all is corrected. */
async function noteOnTickets(
  tx: Tx,
  { conversation, crm }: HeldContact,
  { text, wrong }: { text: string; wrong: LinkedContact | undefined },
  { act, now }: Doing,
  helpdesk: ReturnType<typeof helpdeskOf>,
): Promise<number> {
  const tickets = await ticketsOf(tx, conversation);
  for (const [n, ticket] of tickets.entries()) {
    const lives = ticket.state === 'open' || n === tickets.length - 1;
    await addMessage(
      tx,
      {
        conversation,
        kind: 'note',
        author: 'service',
        platformId: `note:link-act:${act}:${crm}:${ticket.id}`,
        ticket: ticket.id,
        parts: [{ type: 'text', text }],
        detail: { correction: true, ...(wrong ? { wrongContact: wrong.id } : {}) },
        at: now,
      },
      [crmTarget(crm), lives ? helpdesk : undefined],
    );
  }
  return tickets.length;
}

function wordsOf(
  from: LinkedContact | undefined,
  to: LinkedContact | undefined,
  { act, what, who, why, tellAnyway }: Doing,
) {
  const reason = why ? `: ${why}` : '';
  return `${tellAnyway ?? changeOf(from, to)} ${doneBy[what]} by ${who} (act ${act})${reason}.`;
}

function changeOf(from: LinkedContact | undefined, to: LinkedContact | undefined): string {
  if (!to)
    return `This customer was linked to the wrong contact, ${shown(from)}. What was said here is no longer in that contact's history.`;
  if (!from)
    return `This customer was linked to the contact ${shown(to)}. What was said here is in that contact's history now.`;
  return `This customer was linked to the contact ${shown(from)} and is ${shown(to)}. What was said here was moved to that contact's history.`;
}

const shown = (contact: LinkedContact | undefined): string =>
  contact ? [contact.name, contact.url ?? contact.id].filter(Boolean).join(', ') : 'none';

const doneBy: Record<ActKind, string> = {
  choose: 'Chosen',
  none: 'Decided',
  cut: 'Cut',
  join: 'Two customers were joined',
  undo: 'An earlier decision was undone',
};

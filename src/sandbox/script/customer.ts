import type {
  Bubble,
  CustomerPart,
  SalesforceRecord,
  Thread,
  ZendeskCommentView,
  ZendeskTicketView,
} from '../contract.ts';
import { keyOf, type PlayedChannel } from '../demo/channels.ts';
import type { Platforms } from '../demo/world.ts';

/** The customer of one scene: what they do, and what each side holds about them. */
export interface Customer {
  user: string;
  name: string;
  /** How Zendesk and Salesforce know them. */
  key: string;
  says(text: string, options?: { replyTo?: string; at?: Date }): Promise<string>;
  sends(part: CustomerPart, options?: { replyTo?: string; at?: Date }): Promise<string>;
  thread(): Thread;
  /** Bubbles that came to the phone from the page itself. */
  received(): Bubble[];
  /** Oldest first. */
  tickets(): ZendeskTicketView[];
  /** The newest. */
  ticket(): ZendeskTicketView | undefined;
  /** Public comments of the customer on all tickets. */
  comments(): ZendeskCommentView[];
  /** Internal notes on all tickets. */
  notes(): ZendeskCommentView[];
  /** All the customer's words on tickets. */
  words(): string;
  contacts(): SalesforceRecord[];
  /** History of any of the tickets. */
  tasks(): SalesforceRecord[];
  /** All the words of the history. */
  transcript(): string;
}

/** Puts a customer on a phone of the sandbox. */
export function makeCustomer(
  { zendesk, salesforce }: Platforms,
  channel: PlayedChannel,
  { user, name }: { user: string; name: string },
): Customer {
  const { simulator } = channel;
  simulator.addCustomer({ user, name });
  const key = keyOf(channel, user);
  const thread = () => simulator.threads().find((candidate) => candidate.user === user)!;
  const tickets = () => zendesk.tickets().filter((ticket) => ticket.requester.externalId === key);
  const all = () => tickets().flatMap((ticket) => ticket.comments);
  const comments = () => all().filter((comment) => comment.public && comment.authorRole === 'end-user');
  const tasks = () => salesforce.records('Task').filter((task) => tickets().some((ticket) => isAbout(task, ticket)));
  return {
    user,
    name,
    key,
    says: (text, options) => simulator.customerSends(user, { type: 'text', text }, options),
    sends: (part, options) => simulator.customerSends(user, part, options),
    thread,
    received: () => thread().bubbles.filter((bubble) => bubble.from === 'page'),
    tickets,
    ticket: () => tickets().at(-1),
    comments,
    notes: () => all().filter((comment) => !comment.public),
    words: () => joined(comments().map((comment) => comment.body)),
    contacts: () => salesforce.records('Contact').filter((contact) => contact['Passerelle_Key__c'] === key),
    tasks,
    transcript: () => joined(tasks().map((task) => String(task['Description'] ?? ''))),
  };
}

/** The mapping of the sandbox writes the ticket's number into the subject. */
const isAbout = (task: SalesforceRecord, ticket: ZendeskTicketView): boolean =>
  new RegExp(`ticket ${ticket.id}\\b`).test(String(task['Subject'] ?? ''));

const joined = (texts: string[]): string => texts.join('\n');

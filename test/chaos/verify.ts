import { isDeepStrictEqual } from 'node:util';
import type { Bubble, SalesforceRecord, ZendeskTicketView } from '../../src/sandbox/contract.ts';
import { type Cast, type Customer, externalIdOf, secret } from './cast.ts';
import type { Platforms } from './platforms.ts';

/** What is not as promised, each with the customer and the words it is about. */
export interface Findings {
  lost: string[];
  doubled: string[];
  outOfOrder: string[];
  /** Words of an internal note where a customer or a CRM can see them. */
  leaked: string[];
  /** Replies whose fate the platform could not tell: the agent was told, and they were not sent again. */
  unsure: string[];
}

interface Seen {
  tickets: Map<string, ZendeskTicketView[]>;
  bubbles: Map<string, Bubble[]>;
  tasks: SalesforceRecord[];
  contacts: SalesforceRecord[];
}

export const noFindings = (): Findings => ({ lost: [], doubled: [], outOfOrder: [], leaked: [], unsure: [] });

/** Looks at the three platforms and compares with what was said. While work is under way `lost` only says what is missing. */
export function verify(cast: Cast, platforms: Platforms): Findings {
  const seen = look(platforms);
  const findings = noFindings();
  for (const customer of cast.customers()) {
    if (customer.said.length > 0) compare(customer, seen, findings);
  }
  for (const record of [...seen.tasks, ...seen.contacts]) {
    if (JSON.stringify(record).includes(secret)) findings.leaked.push(`a note is in Salesforce: ${record.Id}`);
  }
  return findings;
}

function look({ messengers, zendesk, salesforce }: Platforms): Seen {
  const bubbles = messengers.flatMap((messenger, page) =>
    messenger.threads().map((thread) => [externalIdOf({ page, psid: thread.psid }), thread.bubbles] as const),
  );
  return {
    tickets: Map.groupBy(zendesk.tickets(), ({ requester }) => requester.externalId ?? ''),
    bubbles: new Map(bubbles),
    tasks: salesforce.records('Task'),
    contacts: salesforce.records('Contact'),
  };
}

const inQuotes = /«[^»]*»/g;
const lateInQuotes = /«[^»]*»(?=[^«»]*arrived late[^«»)]*\))/g;
const quotes = (text: string): string[] => text.match(inQuotes) ?? [];

function compare(customer: Customer, seen: Seen, findings: Findings): void {
  const tickets = seen.tickets.get(externalIdOf(customer)) ?? [];
  const comments = tickets.flatMap((ticket) => ticket.comments);
  const ofCustomer = comments.filter(({ authorRole }) => authorRole === 'end-user');
  const unsure = comments
    .filter((comment) => !comment.public && comment.body.startsWith('It is not known whether this reply'))
    .map(({ body }) => /The reply: “([^”]*)”/.exec(body)?.[1]?.trim() ?? body);
  const late = comments.flatMap(({ body }) => body.match(lateInQuotes) ?? []);
  const bubbles = (seen.bubbles.get(externalIdOf(customer)) ?? []).filter(({ from }) => from === 'page');

  if (tickets.length > 1) findings.doubled.push(`${customer.name} has ${tickets.length} tickets`);
  const onTicket = ofCustomer.flatMap(({ body }) => quotes(body));
  judge(findings, `on the ticket of ${customer.name}`, { promised: customer.said, there: onTicket, late });
  const files = comments.flatMap(({ attachments, authorRole }) => (authorRole === 'end-user' ? attachments : []));
  judge(findings, `files on the ticket of ${customer.name}`, {
    promised: customer.files.map(({ bytes }) => `${bytes.length} bytes`),
    there: files.map(({ bytes }) => `${bytes} bytes`),
    late: 'any',
  });
  const inChat = bubbles.map(({ text, attachments }) => text ?? attachments[0]?.name ?? '');
  judge(findings, `in the chat of ${customer.name}`, { promised: customer.answers, there: inChat, late: [], unsure });
  for (const { name, bytes } of customer.answerFiles) {
    const shown = bubbles.flatMap(({ attachments }) => attachments).find((attachment) => attachment.name === name);
    if (shown && shown.bytes !== bytes.length) findings.lost.push(`${name} in the chat has ${shown.bytes} bytes`);
  }
  findings.unsure.push(...unsure.map((words) => `${customer.name}: ${words}`));
  for (const text of inChat)
    if (text.includes(secret)) findings.leaked.push(`in the chat of ${customer.name}: ${text}`);
  inSalesforce(customer, seen, findings);
  refusals(customer, comments, findings);
}

function inSalesforce(customer: Customer, { tasks, contacts }: Seen, findings: Findings): void {
  const own = tasks.filter((task) => String(task['Description']).includes(`«${customer.name} `));
  if (own.length > 1) findings.doubled.push(`${customer.name} has ${own.length} tasks`);
  const words = own.flatMap((task) => quotes(String(task['Description'])));
  const where = `in Salesforce of ${customer.name}`;
  const isSaid = (text: string) => text.includes(' says ');
  judge(findings, where, { promised: customer.said, there: words.filter(isSaid), late: [] });
  const answers = customer.answers.filter((answer) => answer.startsWith('«'));
  judge(findings, where, { promised: answers, there: words.filter((text) => !isSaid(text)), late: [] });
  const known = contacts.filter((contact) => JSON.stringify(contact).includes(`${externalIdOf(customer)}"`));
  if (known.length > 1) findings.doubled.push(`${customer.name} is ${known.length} contacts`);
  if (known.length === 0) findings.lost.push(`${customer.name} is no contact`);
}

/** A reply that was refused is told to agents; here nothing has a reason to be. */
function refusals(customer: Customer, comments: ZendeskTicketView['comments'], findings: Findings): void {
  for (const { body } of comments) {
    if (body.startsWith('This reply did not reach the customer')) findings.lost.push(`${customer.name}: ${body}`);
  }
}

interface Comparison {
  promised: readonly string[];
  there: readonly string[];
  /** What says of itself that it is late may stand anywhere. */
  late: readonly string[] | 'any';
  /** May be there or not. */
  unsure?: readonly string[];
}

function judge(findings: Findings, where: string, { promised, there, late, unsure = [] }: Comparison): void {
  const counts = Map.groupBy(there, (text) => text);
  for (const [text, times] of counts) {
    if (times.length > 1) findings.doubled.push(`${where}: ${text} ${times.length} times`);
    if (!promised.includes(text)) findings.doubled.push(`${where}: ${text}, which nobody said`);
  }
  for (const text of promised) {
    if (!counts.has(text) && !unsure.includes(text)) findings.lost.push(`${where}: ${text}`);
  }
  if (late === 'any') return;
  const onTime = (texts: readonly string[]) => [...new Set(texts)].filter((text) => !late.includes(text));
  const found = onTime(there);
  const expected = onTime(promised).filter((text) => found.includes(text));
  if (!isDeepStrictEqual(found, expected)) findings.outOfOrder.push(`${where}: ${found.join(' ')}`);
}

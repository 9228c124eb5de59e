import { setTimeout as wait } from 'node:timers/promises';
import type { SandboxFile, ZendeskTicketView } from '../../src/sandbox/contract.ts';
import type { Act } from './plan.ts';
import { accountOf, type Platforms } from './platforms.ts';

/** A customer of the round, and what was said by and to them: what has to be where it belongs in the end. */
export interface Customer {
  name: string;
  psid: string;
  page: number;
  said: string[];
  files: SandboxFile[];
  /** Texts, and names of files, in the order in which the agent gave them. */
  answers: string[];
  answerFiles: SandboxFile[];
  notes: number;
}

/** What marks an internal note wherever it might turn up. */
export const secret = 'for colleagues only';

export interface Cast {
  customers(): readonly Customer[];
  /** Asks for an act after all earlier ones of the same customer. */
  play(act: Act): void;
  /** Everybody has done what they were asked to. */
  finished(): boolean;
  /** Nobody waits any longer for a ticket to answer on. */
  giveUp(): void;
}

/** Customers write and agents answer, each customer's acts one after the other. */
export function makeCast(platforms: Platforms): Cast {
  const customers = new Map<string, Customer>();
  const acts = new Map<string, Promise<void>>();
  const over = new AbortController();
  const tickets = ticketFinder(platforms, over.signal);
  let underWay = 0;

  const customerNamed = ({ customer: name, page }: Act): Customer => {
    const known = customers.get(name);
    if (known) return known;
    const psid = String(9_000 + customers.size);
    const made = { name, psid, page, said: [], files: [], answers: [], answerFiles: [], notes: 0 };
    customers.set(name, made);
    platforms.messengers[page]!.addCustomer({ psid, name: `Customer ${name}` });
    return made;
  };

  const writes = async (customer: Customer, withFile: number | undefined): Promise<void> => {
    const messenger = platforms.messengers[customer.page]!;
    const text = `«${customer.name} says ${customer.said.length}»`;
    customer.said.push(text);
    if (withFile === undefined) {
      await messenger.customerSends(customer.psid, { type: 'text', text });
      return;
    }
    const file = fileNamed(`from-${customer.name}-${customer.files.length}.txt`, withFile);
    customer.files.push(file);
    await messenger.customerSends(customer.psid, { type: 'file', files: [file], text });
  };

  const isAnswered = async (customer: Customer, ticket: number, withFile: number | undefined): Promise<void> => {
    const text = `«${customer.name} is answered ${customer.answers.length}»`;
    if (withFile === undefined) {
      customer.answers.push(text);
      await platforms.zendesk.agentComments(ticket, { text, public: true });
      return;
    }
    const file = fileNamed(`for-${customer.name}-${customer.answers.length}.txt`, withFile);
    customer.answers.push(file.name);
    customer.answerFiles.push(file);
    await platforms.zendesk.agentComments(ticket, { text: ' ', public: true, files: [file] });
  };

  const perform = async (customer: Customer, { deed, pauseMs, bytes }: Act): Promise<void> => {
    await wait(pauseMs);
    if (deed === 'writes') return writes(customer, undefined);
    if (deed === 'sends a file') return writes(customer, bytes);
    // With several replicas one life may begin before that in which this customer was to write first.
    if (customer.said.length === 0) await writes(customer, undefined);
    const ticket = await tickets(customer);
    if (deed !== 'is noted') return isAnswered(customer, ticket, deed === 'is answered' ? undefined : bytes);
    const text = `${secret}: ${customer.name} ${customer.notes++}`;
    await platforms.zendesk.agentComments(ticket, { text, public: false });
  };

  return {
    customers: () => [...customers.values()],
    play: (act) => {
      const customer = customerNamed(act);
      const before = acts.get(act.customer) ?? Promise.resolve();
      underWay++;
      const performed = before.then(() => perform(customer, act)).finally(() => underWay--);
      acts.set(act.customer, performed);
      performed.catch(() => undefined);
    },
    finished: () => underWay === 0,
    giveUp: () => over.abort(),
  };
}

/** No two files of a round are equally long, so that one that was cut short, or another's, is seen. */
const fileNamed = (name: string, bytes: number): SandboxFile => ({
  name,
  contentType: 'text/plain',
  bytes: Buffer.alloc(bytes, 'words '),
});

/** The ticket of a customer, as soon as there is one. */
function ticketFinder({ zendesk }: Platforms, over: AbortSignal) {
  const known = new Map<string, number>();
  const look = () => {
    for (const { id, requester } of zendesk.tickets()) {
      if (requester.externalId && !known.has(requester.externalId)) known.set(requester.externalId, id);
    }
  };
  return async (customer: Customer): Promise<number> => {
    const wanted = externalIdOf(customer);
    for (;;) {
      if (!known.has(wanted)) look();
      const found = known.get(wanted);
      if (found !== undefined) return found;
      await wait(40, undefined, { signal: over });
    }
  };
}

export const externalIdOf = ({ page, psid }: Pick<Customer, 'page' | 'psid'>): string =>
  `messenger:${accountOf(page)}:${psid}`;

export const ticketsOf = (tickets: readonly ZendeskTicketView[], customer: Customer): ZendeskTicketView[] =>
  tickets.filter(({ requester }) => requester.externalId === externalIdOf(customer));

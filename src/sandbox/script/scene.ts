import type { SandboxFile } from '../contract.ts';
import type { PlayedChannel } from '../demo/channels.ts';
import type { World } from '../demo/world.ts';
import type { Customer } from './customer.ts';
import { type Fact, is, orderOf } from './fact.ts';
import { until } from './patience.ts';

/** Where a scene is played. */
export interface Stage {
  world: World;
  channel: PlayedChannel;
  customer: Customer;
}

/** Something that happens in a day, and what then has to be so on every side. */
export interface Scene {
  name: string;
  /** The kind of the channel it is played on. Default Messenger. */
  on?: string;
  play(stage: Stage): Promise<void>;
  /** Asked again until everything holds or `patience` ends, and once more at the end of the day. */
  expect(stage: Stage): Fact[];
  /** What may take its time, but has to be so at the end of the day. */
  inTheEnd?(stage: Stage): Fact[];
  /** Milliseconds. Default 30,000. */
  patience?: number;
  /** Deliveries the service rightly gives up for good. */
  givenUp?: number;
}

/** The customer's ticket, once all these texts are on it. */
export const onTicket = ({ customer }: Stage, ...texts: string[]) =>
  until(`a ticket with the message`, () => texts.every((text) => customer.words().includes(text)) && customer.ticket());

/** The customer writes, and it is on a ticket. */
export async function writes(stage: Stage, text: string) {
  await stage.customer.says(text);
  return await onTicket(stage, text);
}

/** An agent answers on the customer's ticket. */
export async function answers(
  { world, customer }: Stage,
  html: string,
  options: { files?: SandboxFile[]; internal?: boolean } = {},
): Promise<void> {
  const ticket = customer.ticket();
  if (!ticket) throw new Error('there is no ticket to answer on');
  const { files = [], internal = false } = options;
  await world.zendesk.agentComments(ticket.id, { html, public: !internal, files });
}

/** So many bubbles came from the page. */
export const receives = ({ customer }: Stage, count: number, patience?: number) =>
  until(`${count} bubbles on the phone`, () => customer.received().length >= count, patience);

/** One ticket asked for by the customer with these words in order, one contact, one history entry with the same. */
export const broughtOver = (stage: Stage, ...texts: string[]): Fact[] => [
  is('requester', stage.customer.ticket()?.requester.name, stage.customer.name),
  ...carried(stage, ...texts),
];

/** The same, whatever the requester is called: some platforms tell no name. */
export const carried = ({ customer }: Stage, ...texts: string[]): Fact[] => [
  is('tickets', customer.tickets().length, 1),
  is('messages on the ticket, in order', orderOf(texts, customer.words()), texts),
  is('contacts', customer.contacts().length, 1),
  is('history entries', customer.tasks().length, 1),
  is(
    'who the history is about',
    customer.tasks().map((task) => task['WhoId']),
    customer.contacts().map((contact) => contact.Id),
  ),
  is('messages in the history, in order', orderOf(texts, customer.transcript()), texts),
];

/** Nobody had to be told that something failed. */
export const noFailure = ({ customer }: Stage): Fact[] => [
  is(
    'internal notes',
    customer.notes().map((note) => note.body),
    [],
  ),
  is(
    'tags of failure',
    customer.tickets().flatMap((ticket) => ticket.tags.filter((tag) => tag.includes('failed'))),
    [],
  ),
];

/** The agent is told once on the ticket, in words that match, and by a tag. */
export const toldOfFailure = ({ customer }: Stage, reason: RegExp): Fact[] => {
  const notes = customer.notes().map((note) => note.body);
  return [
    is('internal notes', notes.length, 1),
    is(
      'the note gives the reason',
      notes.filter((note) => reason.test(note)),
      notes,
    ),
    is(
      'tag of failure',
      customer.ticket()?.tags.filter((tag) => tag === 'passerelle_reply_failed'),
      ['passerelle_reply_failed'],
    ),
  ];
};

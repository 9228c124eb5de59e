import { channel } from 'node:diagnostics_channel';

/**
 * The points of the flow at which it matters whether the process lives on: around each commit and each outside call.
 * `docs/reference/steps.md` is drawn from this.
 */
export const steps = {
  'start.database': 'the database answers, nothing is migrated yet',
  'start.migrating': 'within the transaction of a migration',
  'start.migrated': 'the ledger is up to date, the queue is not open yet',
  'start.queue': 'the queue is open, nobody works yet',
  'start.workers': 'jobs are worked on, nothing listens yet',
  'door.writing': 'a webhook is written, its transaction is open',
  'door.committed': 'a webhook is committed, its platform has no answer yet',
  'events.applied': 'events became messages, the transaction is open',
  'person.asking': 'before the helpdesk is asked for the customer',
  'person.answered': 'the helpdesk has the customer, the ledger does not know',
  'media.arriving': 'a piece of a file arrived',
  'media.fetched': 'a file arrived, nothing of it is kept',
  'media.kept': 'a file is in the media folder, the ledger does not know',
  'upload.asking': 'before a file is left with the helpdesk',
  'upload.answered': 'the helpdesk has a file, no comment names it',
  'ticket.creating': 'before a ticket is asked for',
  'ticket.created': 'a ticket is there, the ledger does not know',
  'ticket.sought': 'a ticket whose creation was not answered was looked up, the ledger does not know',
  'comment.adding': 'before a comment is asked for',
  'comment.added': 'a comment is there, the ledger does not know',
  'comment.sought': 'a comment that was not answered was looked up, the ledger does not know',
  'contact.creating': 'before a contact is asked for',
  'contact.created': 'a contact is there, the ledger does not know',
  'history.writing': 'before history is written at the CRM',
  'history.written': 'history is written at the CRM, the ledger does not know',
  'replies.taken': 'comments of agents became replies, the transaction is open',
  'send.asking': 'a bubble is noted as being sent, its channel was not asked',
  'send.answered': 'the channel has a bubble, the ledger does not know',
  'send.sought': 'a bubble that was not answered was looked up, the ledger does not know',
  'stop.asked': 'a stop was asked for, all goes on',
  'stop.deaf': 'nothing listens any more, jobs are under way',
  'stop.idle': 'jobs are finished or handed back, connections are open',
} as const;

export type Step = keyof typeof steps;

/** Whoever subscribes hears the name of each step as it is reached, at once and in the same turn. */
export const stepChannel = 'passerelle:step';

const heard = channel(stepChannel);

/** Marks a step. Costs next to nothing while nobody listens. */
export function step(name: Step): void {
  if (heard.hasSubscribers) heard.publish(name);
}

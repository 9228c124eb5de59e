import type { Desk, Fields } from './desk.ts';
import { isFields } from './desk.ts';
import { rulesOf } from './rules.ts';
import { type Ticket, userOf } from './state.ts';

/** What happened to a ticket, as the conditions of triggers see it. */
export interface TicketChange {
  ticket: Ticket;
  /** Who did it: the user logged in, not the author named in the comment. */
  by: number;
  made: boolean;
  /** Of the comment that came with it. */
  public: boolean | undefined;
  was: Pick<Ticket, 'status' | 'tags'> | undefined;
}

/** Runs the active triggers whose conditions hold, and calls the active webhooks that their actions name. */
export function fireTriggers(desk: Desk, change: TicketChange): void {
  for (const trigger of rulesOf(desk.state, 'triggers')) {
    if (trigger['active'] === false || !holds(desk, trigger['conditions'], change)) continue;
    for (const action of list(trigger['actions'])) run(desk, action, change);
  }
}

function run(desk: Desk, action: Fields, change: TicketChange): void {
  if (action['field'] === 'priority') change.ticket.fields['priority'] = action['value'];
  else notify(desk, action, change);
}

function notify(desk: Desk, { field, value }: Fields, change: TicketChange): void {
  if (field !== 'notification_webhook' || !Array.isArray(value)) return;
  const webhook = desk.state.webhooks.find(({ id }) => id === value[0]);
  if (webhook?.status === 'active') desk.callbacks.send(webhook, filledIn(desk, String(value[1]), change));
}

const list = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

/** Every condition of `all`, and one of `any` where there are some. */
function holds(desk: Desk, conditions: unknown, change: TicketChange): boolean {
  const { all, any } = isFields(conditions) ? conditions : {};
  const meets = (condition: Fields) => isMet(desk, condition, change);
  return list(all).every(meets) && (list(any).length === 0 || list(any).some(meets));
}

function isMet(desk: Desk, { field, operator, value }: Fields, change: TicketChange): boolean {
  const wanted = String(value);
  switch (field) {
    case 'update_type':
      return is(operator, [change.made ? 'Create' : 'Change'], wanted);
    case 'comment_is_public':
      return wanted === 'not_relevant' ? change.public !== undefined : is(operator, [String(change.public)], wanted);
    case 'role':
      return is(operator, rolesOf(desk, change.by), wanted);
    case 'current_tags':
      return hasTags(change.ticket.tags, wanted) === (operator === 'includes');
    case 'priority':
      return priorityIs(String(operator), wanted, change.ticket.fields['priority']);
    case 'status':
      return statusIs(String(operator), wanted, change);
    default:
      return false;
  }
}

const is = (operator: unknown, found: readonly string[], wanted: string): boolean =>
  found.includes(wanted) === (operator === 'is');

/** A user is met by kind and by id. */
const rolesOf = ({ state }: Desk, by: number): string[] => [
  userOf(state, by).role === 'end-user' ? 'end_user' : 'agent',
  String(by),
];

const hasTags = (tags: readonly string[], wanted: string): boolean =>
  wanted.split(/\s+/).some((tag) => tags.includes(tag));

const order = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];

const priorities = ['low', 'normal', 'high', 'urgent'];

/** One that was not set is below all others. */
function priorityIs(operator: string, wanted: string, priority: unknown): boolean {
  const [is, than] = [priorities.indexOf(String(priority)), priorities.indexOf(wanted)];
  if (operator === 'less_than') return is < than;
  if (operator === 'greater_than') return is > than;
  return (is === than) === (operator === 'is');
}

function statusIs(operator: string, wanted: string, { ticket, was }: TicketChange): boolean {
  if (operator === 'changed') return was?.status !== ticket.status;
  if (operator === 'less_than') return order.indexOf(ticket.status) < order.indexOf(wanted);
  if (operator === 'greater_than') return order.indexOf(ticket.status) > order.indexOf(wanted);
  return is(operator, [ticket.status], wanted);
}

/** Placeholders as plain text; what is not known is nothing. */
function filledIn({ state }: Desk, body: string, { ticket, by }: TicketChange): string {
  const values: Record<string, string> = {
    'ticket.id': String(ticket.id),
    'ticket.external_id': ticket.externalId ?? '',
    'ticket.status': ticket.status,
    'ticket.requester.external_id': userOf(state, ticket.requesterId).externalId ?? '',
    'current_user.id': String(by),
  };
  return body.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => values[name] ?? '');
}

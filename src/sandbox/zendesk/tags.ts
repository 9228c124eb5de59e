import type { Request } from 'express';
import { type Answer, closedRefusal, created, ok } from './answer.ts';
import { addAudit, changeEvents } from './comments.ts';
import { type Desk, type Fields, type Handler, isFields, type Route } from './desk.ts';
import { fireTriggers } from './fire-triggers.ts';
import { rulesOf } from './rules.ts';
import { type State, staff, type Ticket } from './state.ts';

/** Tags as Zendesk keeps them: lower case, no blanks, each once. Undefined when none are given. */
export function tagsIn(value: unknown): string[] | undefined {
  if (typeof value === 'string') return tagsIn(value.split(/\s+/));
  if (!Array.isArray(value)) return undefined;
  const tags = value.flatMap((tag) => String(tag).toLowerCase().split(/\s+/)).filter(Boolean);
  return [...new Set(tags)].sort();
}

/** An option chosen in a drop-down is a tag of the ticket, in place of the field's other ones. */
export function withChosen(state: State, tags: readonly string[], customFields: unknown): string[] {
  const given = Array.isArray(customFields) ? customFields.filter(isFields) : [];
  let all = [...tags];
  for (const { id, value } of given) {
    const field = rulesOf(state, 'ticket_fields').find((each) => Number(each.id) === Number(id));
    const options = field?.['type'] === 'tagger' ? field['custom_field_options'] : undefined;
    if (!Array.isArray(options)) continue;
    const values = options.map((option: Fields) => String(option['value']));
    all = [...all.filter((tag) => !values.includes(tag)), ...(values.includes(String(value)) ? [String(value)] : [])];
  }
  return tagsIn(all) ?? [];
}

type WithTicket = (act: (desk: Desk, ticket: Ticket, request: Request) => Answer) => Handler;

export function tagRoutes(withTicket: WithTicket): Route[] {
  return [
    ['get', '/tickets/:id/tags', withTicket((_desk, ticket) => ok({ tags: ticket.tags }))],
    ['put', '/tickets/:id/tags', withTicket(changing((old, given) => [...old, ...given], ok))],
    ['post', '/tickets/:id/tags', withTicket(changing((_old, given) => given, created))],
    [
      'delete',
      '/tickets/:id/tags',
      withTicket(changing((old, given) => old.filter((tag) => !given.includes(tag)), ok)),
    ],
  ];
}

function changing(change: (old: string[], given: string[]) => string[], answer: (body: unknown) => Answer) {
  return (desk: Desk, ticket: Ticket, request: Request): Answer => {
    if (ticket.status === 'closed') return closedRefusal;
    const body: unknown = request.body;
    const given = tagsIn(isFields(body) ? body['tags'] : undefined) ?? [];
    const old = ticket.tags;
    ticket.tags = tagsIn(change(old, given)) ?? [];
    addAudit(desk.state, ticket, staff.service, { changes: changeEvents(desk.state, { tags: [old, ticket.tags] }) });
    desk.changed();
    const was = { status: ticket.status, tags: old };
    fireTriggers(desk, { ticket, by: staff.service, made: false, public: undefined, was });
    return answer({ tags: ticket.tags });
  };
}

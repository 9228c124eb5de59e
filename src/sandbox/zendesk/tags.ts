import type { Request } from 'express';
import { type Answer, closedRefusal, created, ok } from './answer.ts';
import { addAudit, changeEvents } from './comments.ts';
import { type Desk, type Handler, isFields, type Route } from './desk.ts';
import { fireTriggers } from './fire-triggers.ts';
import { staff, type Ticket } from './state.ts';

/** Tags as Zendesk keeps them: lower case, no blanks, each once. Undefined when none are given. */
export function tagsIn(value: unknown): string[] | undefined {
  if (typeof value === 'string') return tagsIn(value.split(/\s+/));
  if (!Array.isArray(value)) return undefined;
  const tags = value.flatMap((tag) => String(tag).toLowerCase().split(/\s+/)).filter(Boolean);
  return [...new Set(tags)].sort();
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

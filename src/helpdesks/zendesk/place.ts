import type { Outcome } from '../../domain/outcome.ts';
import type { PlacedAt, Placement } from '../../domain/routing.ts';
import type { Placed } from '../helpdesk.ts';
import type { NamedKind, Names } from './names.ts';
import { attempt } from './outcome.ts';

const named: readonly NamedKind[] = ['group', 'brand', 'form'];

/** The placement with Zendesk's ids in place of names; what is not there is left out, and told. */
export function place(names: Names, { assignee, ...wished }: Placement): Promise<Outcome<Placed>> {
  return attempt('repeatable', async () => {
    const placement: PlacedAt = {
      ...(wished.priority && { priority: wished.priority }),
      ...(wished.type && { type: wished.type }),
    };
    const missing: string[] = [];
    for (const kind of named) {
      const name = wished[kind];
      const id = name === undefined ? undefined : await names.idOf(kind, name);
      if (id !== undefined) placement[kind] = id;
      else if (name !== undefined) missing.push(`${kind} “${name}”`);
    }
    const agent = assignee === undefined ? undefined : await names.agent(assignee);
    if (agent !== undefined) placement.assignee = agent;
    else if (assignee !== undefined) missing.push(`agent “${assignee}”`);
    return { placement, missing };
  });
}

/** As Zendesk's API names them. */
export function placementFields({ group, brand, form, assignee, priority, type }: PlacedAt): Record<string, unknown> {
  return {
    ...(group && { group_id: Number(group) }),
    ...(brand && { brand_id: Number(brand) }),
    ...(form && { ticket_form_id: Number(form) }),
    ...(assignee && { assignee_id: Number(assignee) }),
    ...(priority && { priority }),
    ...(type && { type }),
  };
}

import { crmTarget, helpdeskTarget } from '../domain/target.ts';
import type { Queryable } from '../store/database.ts';
import type { Belongings } from '../store/erase-rows.ts';
import { contactPlaces, historyPlaces, personPlaces, ticketPlaces } from '../store/erasure-places.ts';
import type { Operations } from './operations.ts';
import { helpdeskOf } from './world.ts';

/** A record of theirs at a helpdesk or CRM, by its id there. What people wrote on it there is not known here. */
export interface HeldElsewhere {
  /** A target: `helpdesk:acme-zendesk`. */
  place: string;
  what: 'ticket' | 'user' | 'contact' | 'history';
  id: string;
}

/** Where else something is kept of a customer, as far as this service put it there or found it. */
export async function heldElsewhere(
  db: Queryable,
  theirs: Belongings,
  accounts: Operations['accounts'],
): Promise<HeldElsewhere[]> {
  const tickets = (await ticketPlaces(db, theirs)).flatMap(({ helpdesk, remoteId: id }) =>
    id ? [{ place: helpdeskTarget(helpdesk), what: 'ticket' as const, id }] : [],
  );
  const users = (await personPlaces(db, theirs)).flatMap(({ account, person: id }) => {
    const connected = accounts.get(account);
    const place = connected && helpdeskOf(connected);
    return id && place ? [{ place, what: 'user' as const, id }] : [];
  });
  const contacts = (await contactPlaces(db, theirs)).map(({ crm, contact: id }) => ({
    ...{ place: crmTarget(crm), what: 'contact' as const, id },
  }));
  const history = (await historyPlaces(db, theirs)).flatMap(({ crm, entries }) =>
    entries.flatMap(({ id }) => (id ? [{ place: crmTarget(crm), what: 'history' as const, id }] : [])),
  );
  return [...tickets, ...users, ...contacts, ...history];
}

import { sql } from 'kysely';
import { type ConsentProof, consentProofs, consentStates } from '../../../store/consents.ts';
import type { Database } from '../../../store/database.ts';
import { type KeptOrder, latestOrders } from '../../../store/orders.ts';
import type { TicketState } from '../../../store/tables.ts';
import { type WhoIs, whoIs } from '../../../store/who-is.ts';
import type { OrderView, PersonView, ProofView } from '../../wire/people.ts';
import { contactLine } from '../conversations/contact-lines.ts';
import { type Places, ticketLink } from '../conversations/places.ts';
import { questionViews } from './question-view.ts';

const mostOrders = 50;
const mostTickets = 50;

/** Everything about a customer on one page. Undefined: there is no such customer. */
export async function personView(
  db: Database,
  places: Places,
  customer: number,
  mayRead: boolean,
): Promise<PersonView | undefined> {
  const who = await whoIs(db, customer);
  if (!who) return undefined;
  const [consents, proofs, orders, tickets, questions] = await Promise.all([
    consentStates(db, customer),
    consentProofs(db, customer),
    latestOrders(db, customer, mostOrders),
    ticketsOf(db, places, customer),
    questionViews(db, who.questions),
  ]);
  return {
    ...identityOf(who, places),
    ...{ questions, tickets },
    consents: consents.map(({ channel, purpose, state, since }) => ({
      ...{ channel, purpose, state, since: since.toISOString() },
    })),
    proofs: proofs.map((proof) => proofView(proof, mayRead)).reverse(),
    orders: orders.map(orderView),
    linkable: [
      ...[...places.crms.keys()].map((id) => ({ id, type: 'crm' as const })),
      ...[...places.helpdesks.keys()].map((id) => ({ id, type: 'helpdesk' as const })),
    ],
  };
}

type Identity = Pick<PersonView, 'id' | 'name' | 'joinedWith' | 'users' | 'facts' | 'contacts' | 'acts'>;

const identityOf = ({ customer, name, joinedWith, users, facts, links, acts }: WhoIs, places: Places): Identity => ({
  id: customer,
  name: name ?? null,
  joinedWith: joinedWith ?? null,
  users: users.map(({ account, platformUser, evidence, conversation, person }) => ({
    ...{ account, platformUser, evidence, conversation: conversation ?? null, person: person ?? null },
  })),
  facts: facts.map(({ kind, value, evidence, by, at, withdrawn }) => ({
    ...{ kind, value, evidence, by, at: at.toISOString() },
    withdrawn: withdrawn ? { ...withdrawn, at: withdrawn.at.toISOString() } : null,
  })),
  contacts: links.map(({ crm, link }) => contactLine(places, crm, link)),
  acts: acts.map(({ id, at, who, what, target, why, undoes, undoneBy }) => ({
    ...{ id, who, what, at: at.toISOString(), target: target ?? null, why: why ?? null },
    undoes: undoes ?? null,
    undoneBy: undoneBy ?? null,
  })),
});

async function ticketsOf(db: Database, places: Places, customer: number): Promise<PersonView['tickets']> {
  const { rows } = await sql<{
    conversation: number;
    helpdesk: string;
    remote: string | null;
    state: TicketState;
    created_at: Date;
  }>`select t.conversation, t.helpdesk, t.remote_id as remote, t.state, t.created_at
    from tickets t join conversations c on c.id = t.conversation
    where c.customer = ${customer} order by t.id desc limit ${mostTickets}`.execute(db);
  return rows.map((row) => ({
    ...ticketLink(places, row),
    conversation: row.conversation,
    openedAt: row.created_at.toISOString(),
  }));
}

const proofView = (proof: ConsentProof, mayRead: boolean): ProofView => ({
  ...{ id: proof.id, channel: proof.channel, purpose: proof.purpose, act: proof.act },
  ...{ source: proof.source, by: proof.by, at: proof.at.toISOString() },
  words: mayRead ? (proof.words ?? null) : null,
  account: proof.account ?? null,
});

const orderView = ({ id, shop, number, state, updatedAt, order }: KeptOrder): OrderView => ({
  ...{ id, shop, number, state, updatedAt: updatedAt.toISOString() },
  total: order.total ?? null,
  currency: order.currency ?? null,
  placedAt: order.placedAt === undefined ? null : new Date(order.placedAt).toISOString(),
});

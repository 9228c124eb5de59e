import type { PersonId, TicketId } from '../domain/ids.ts';
import { done, type Outcome } from '../domain/outcome.ts';
import type { HelpdeskSession } from '../helpdesks/helpdesk.ts';
import { type ErasureStep, saveStep } from '../store/erasures.ts';
import type { Erased, ErasingRules, ErasingWorld } from './erasing.ts';

/** A ticket or a user of an erased customer at a helpdesk. */
export async function eraseAtHelpdesk(world: ErasingWorld, rules: ErasingRules, step: ErasureStep): Promise<Erased> {
  const id = step.place.slice('helpdesk:'.length);
  const session = world.helpdesks.get(id)?.session;
  if (!session) return { result: 'never', why: `the helpdesk ${id} is no longer configured: remove it there by hand` };
  return step.what === 'ticket' ? eraseTicket(world, session, rules, step) : erasePerson(session, rules, step);
}

interface TicketRef extends Record<string, unknown> {
  remoteId: string | null;
  externalId: string;
}

async function eraseTicket(
  { db }: ErasingWorld,
  session: HelpdeskSession,
  { helpdesk: how }: ErasingRules,
  step: ErasureStep,
): Promise<Erased> {
  if (!session.eraseTicket) return { result: 'never', why: 'this helpdesk has no way to erase: remove it by hand' };
  const ref = step.ref as TicketRef;
  const ids = await ticketsOf(session, ref);
  if (ids.result !== 'done') return ids;
  // What is half deleted is no longer found by our key.
  if (ref.remoteId === null && ids.value[0]) await saveStep(db, step.id, { ...ref, remoteId: ids.value[0] });
  for (const ticket of ids.value) {
    const erased = await session.eraseTicket(ticket, how);
    if (erased.result !== 'done') return erased;
  }
  return done({ count: ids.value.length });
}

/** One that was being created when its customer was erased is found by our key. */
async function ticketsOf(session: HelpdeskSession, ref: TicketRef): Promise<Outcome<TicketId[]>> {
  if (ref.remoteId !== null) return done([ref.remoteId as TicketId]);
  const found = await session.findTickets(ref.externalId);
  return found.result === 'done' ? done(found.value.map(({ id }) => id)) : found;
}

async function erasePerson(session: HelpdeskSession, rules: ErasingRules, step: ErasureStep): Promise<Erased> {
  const { person, externalId, ours } = step.ref as { person: PersonId; externalId: string; ours: boolean };
  if (!session.erasePerson) return done({ count: 0, left: 'this helpdesk keeps no users of its own for customers' });
  const how = ours || rules.records === 'all' ? rules.helpdesk : 'release';
  const erased = await session.erasePerson(person, externalId, how);
  if (erased.result !== 'done') return erased;
  return how === 'release'
    ? done({ count: 0, left: 'the user was there before, or is somebody else’s as well: only our key was taken away' })
    : done({ count: 1 });
}

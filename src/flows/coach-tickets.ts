import { seconds } from '../domain/duration.ts';
import { helpdeskTarget } from '../domain/target.ts';
import { sameSigns } from '../domain/ticket-signs.ts';
import { allDone, type CatchUp } from '../queue/queue.ts';
import { commentTimes } from '../store/comments.ts';
import { type DueTicket, noteLook, ticketsToLookAt } from '../store/ticket-signs.ts';
import { setTicketState } from '../store/tickets.ts';
import { findSigns } from './ticket-signs.ts';
import type { ConnectedHelpdesk, World } from './world.ts';

/** How often it is looked what changed. */
export const coachEvery = seconds(20);
/** One update of a ticket within so long; and none while a comment is about to take the signs along. */
const notSooner = seconds(60);
const atOnce = 500;

/**
 * The `coach` job: keeps the fields of tickets that say how long the window is open, what became of the last reply and how sure
 * it is who the customer is. What a comment took along is not written again; agents' tickets come before it, so it takes only
 * what is left of the helpdesk's budget, and goes on later where nothing is left.
 */
export async function coachTickets(world: World, helpdeskId: string): Promise<CatchUp> {
  const helpdesk = world.helpdesks.get(helpdeskId);
  if (!helpdesk?.session.showSigns) return allDone;
  if (await world.health.stateOf(helpdeskTarget(helpdeskId))) return allDone;
  const ready = await helpdesk.session.readySigns?.();
  if (ready?.result !== 'done' || !ready.value) return allDone;
  const now = world.tools.clock.now();
  const toldBefore = new Date(now.getTime() - notSooner);
  for (const due of await ticketsToLookAt(world.db, { helpdesk: helpdeskId, now, toldBefore, limit: atOnce }))
    if (!(await coach(world, helpdesk, due))) return allDone;
  return allDone;
}

/** False when the helpdesk takes no more for now. */
async function coach(world: World, helpdesk: ConnectedHelpdesk, due: DueTicket): Promise<boolean> {
  const connected = world.channels.get(due.account);
  if (!connected) return true;
  const { signs, look } = await findSigns(world, world.db, connected, due);
  if (due.signs && sameSigns(due.signs, signs)) {
    await noteLook(world.db, { ticket: due.ticket, ...look });
    return true;
  }
  if (await isBusy(world, due.ticket)) return true;
  const shown = await helpdesk.session.showSigns!(due.remoteId, signs);
  if (shown.result === 'closed' || shown.result === 'gone') {
    await setTicketState(world.db, due.ticket, shown.result);
    return true;
  }
  if (shown.result === 'done') {
    await noteLook(world.db, { ticket: due.ticket, ...look, told: { signs, at: look.seenAt } });
    return true;
  }
  world.tools.log.info('signs.not-shown', { helpdesk: helpdesk.id, ticket: due.ticket, result: shown.result });
  // Refused for good: nothing more is said of it until something happens again.
  if (shown.result === 'never') await noteLook(world.db, { ticket: due.ticket, ...look });
  return shown.result === 'never';
}

/** Zendesk takes 30 updates of a ticket in ten minutes: those of a busy ticket are left to its comments, which take the signs along. */
async function isBusy({ db, tools }: World, ticket: number): Promise<boolean> {
  const now = tools.clock.now().getTime();
  const recent = (await commentTimes(db, ticket)).filter((at) => now - at.getTime() < mostlyWithin);
  return recent.length > mostComments;
}

const mostlyWithin = seconds(600);
const mostComments = 15;

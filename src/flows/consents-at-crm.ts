import type { CrmConsents } from '../crms/crm.ts';
import { days, hours } from '../domain/duration.ts';
import type { Trouble } from '../domain/outcome.ts';
import { crmTarget } from '../domain/target.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import {
  consentsToWrite,
  customersToRead,
  customersWhoAre,
  type LinkedCustomer,
  noteRefused,
  noteWanted,
  settleWritten,
} from '../store/crm-consents.ts';
import { cursorFails, cursorOf, saveCursor } from '../store/cursors.ts';
import { takeHeldConsents } from './take-held-consents.ts';
import type { World } from './world.ts';

type ConsentWorld = Pick<World, 'db' | 'tools' | 'crms' | 'notices' | 'health'>;
type Written = NonNullable<CrmConsents['write']>;

/** What a CRM takes and tells at once; pages and calls of one run. What is left is done in the next. */
const most = 200;
const mostPages = 5;

/** All is read anew now and then, in case a change was told nowhere. */
const readAnew = days(1);
const refusedWaits = hours(1);

/**
 * The `crm-consents` job: first takes in what was changed at a CRM, then writes there what stands here and is not held there. In
 * this order, so that a no said there is never written over.
 */
export async function keepConsentsAtCrm(world: ConsentWorld, crm: string): Promise<CatchUp> {
  const consents = world.crms.get(crm)?.session.consents;
  const cursor = await cursorOf(world.db, cursorKey(crm));
  const age = world.tools.clock.now().getTime() - (cursor?.readAt.getTime() ?? 0);
  if (!consents || age < consents.every / 2 || (await world.health.pauseOf(crmTarget(crm)))) return allDone;
  const trouble =
    (await readChanged(world, crm, consents, cursor?.cursor)) ??
    (await readUnread(world, crm, consents)) ??
    (consents.write ? await writeOut(world, crm, consents.write) : undefined);
  if (!trouble) {
    await world.health.answered(crmTarget(crm));
    return allDone;
  }
  return told(world, crm, trouble);
}

const cursorKey = (crm: string): string => `consents:${crm}`;

async function told({ db, tools, health }: ConsentWorld, crm: string, trouble: Trouble): Promise<CatchUp> {
  tools.log.warn('consents.not-kept', { crm, result: trouble.result, why: trouble.why });
  if (trouble.result === 'never') await health.answered(crmTarget(crm));
  else await health.failed(crmTarget(crm), trouble);
  await cursorFails(db, cursorKey(crm), tools.clock.now());
  // Else the next look is soon enough.
  return trouble.result === 'later' && trouble.after ? leftFor(trouble.after) : allDone;
}

async function readChanged(
  world: ConsentWorld,
  crm: string,
  consents: CrmConsents,
  from: string | undefined,
): Promise<Trouble | undefined> {
  let cursor = from;
  for (let page = 0; page < mostPages; page++) {
    const changed = await consents.changed(cursor);
    if (changed.result !== 'done') return changed;
    const trouble = await read(world, crm, consents, await customersWhoAre(world.db, crm, changed.value.contacts));
    if (trouble) return trouble;
    cursor = changed.value.cursor;
    await saveCursor(world.db, cursorKey(crm), cursor, world.tools.clock.now());
    if (!changed.value.more) return undefined;
  }
  return undefined;
}

/** Who became known as a contact since, and whom nobody looked at for a day. */
async function readUnread(world: ConsentWorld, crm: string, consents: CrmConsents): Promise<Trouble | undefined> {
  const since = new Date(world.tools.clock.now().getTime() - readAnew);
  return read(world, crm, consents, await customersToRead(world.db, crm, since, most));
}

async function read(
  world: ConsentWorld,
  crm: string,
  consents: CrmConsents,
  customers: readonly LinkedCustomer[],
): Promise<Trouble | undefined> {
  for (let from = 0; from < customers.length; from += most) {
    const some = customers.slice(from, from + most);
    const at = world.tools.clock.now();
    const held = await consents.of([...new Set(some.map(({ contact }) => contact))]);
    if (held.result !== 'done') return held;
    const byContact = Map.groupBy(held.value, ({ contact }) => contact);
    for (const each of some) await takeHeldConsents(world, { ...each, crm, at }, byContact.get(each.contact) ?? []);
  }
  return undefined;
}

async function writeOut(world: ConsentWorld, crm: string, write: Written): Promise<Trouble | undefined> {
  for (let call = 0; call < mostPages; call++) {
    const now = world.tools.clock.now();
    const refusedBefore = new Date(now.getTime() - refusedWaits);
    const due = await consentsToWrite(world.db, crm, { refusedBefore, now, most });
    if (due.length === 0) return undefined;
    await noteWanted(world.db, crm, due);
    const written = await write(due);
    if (written.result !== 'done') return written;
    for (const [n, outcome] of written.value.entries()) {
      if (outcome.result === 'done') await settleWritten(world.db, crm, due[n]!);
      else if (outcome.result !== 'never') return outcome;
      else {
        await noteRefused(world.db, crm, due[n]!, { why: outcome.why, at: now });
        world.tools.log.warn('consents.refused', { crm, customer: due[n]!.customer, why: outcome.why });
      }
    }
    if (due.length < most) return undefined;
  }
  return undefined;
}

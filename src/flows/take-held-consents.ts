import type { HeldConsent, HeldState } from '../crms/crm.ts';
import { lockConsents, type NewConsent } from '../store/consents.ts';
import { type HeldRow, heldRows, keepHeld, type LinkedCustomer, markConsentsRead } from '../store/crm-consents.ts';
import type { Database, Tx } from '../store/database.ts';
import { customerExists } from '../store/joined-customers.ts';
import { takeConsent } from './take-consent.ts';
import type { World } from './world.ts';

/** Whose consents at which CRM, as read `at`. */
export interface ReadConsents extends LinkedCustomer {
  crm: string;
  at: Date;
}

/**
 * Takes in what a CRM holds of one customer: what is another than it was when last seen, or written by us, was changed there and
 * goes on record; the rest is known.
 */
export async function takeHeldConsents(
  { db, notices }: { db: Database; notices: World['notices'] },
  whose: ReadConsents,
  held: readonly HeldConsent[],
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockConsents(tx, whose.customer);
    if (!(await customerExists(tx, whose.customer))) return;
    const before = new Map((await heldRows(tx, whose.crm, whose.customer)).map((row) => [row.name, row]));
    for (const each of held) await take(tx, notices, whose, each, before.get(each.name));
    await markConsentsRead(tx, whose.crm, whose, whose.at);
  });
}

async function take(
  tx: Tx,
  notices: World['notices'],
  whose: ReadConsents,
  held: HeldConsent,
  row: HeldRow | undefined,
): Promise<void> {
  // Under our key, and not written for this customer: somebody else's who is the same contact.
  if (held.ours && !row) return;
  const of = held.ours ? { channel: row!.channel, purpose: row!.purpose } : held;
  const known = row && (held.ours || row.contact === whose.contact) ? row : undefined;
  const act = actOf(known, held.state);
  if (act) await takeConsent(tx, notices, newConsent(whose, held, of, act, known === undefined));
  await keepHeld(tx, whose.crm, whose.customer, {
    ...{ name: held.name, channel: of.channel, purpose: of.purpose, held: held.state },
    contact: held.ours ? row!.contact : whose.contact,
    wanted: known && known.wanted !== held.state && !act ? known.wanted : null,
  });
}

/** A yes that is taken away is a no; what says nothing and never did is none. */
function actOf(known: HeldRow | undefined, now: HeldState): 'granted' | 'revoked' | undefined {
  if (known && (now === known.held || now === known.wanted)) return undefined;
  if (now === 'granted' || now === 'revoked') return now;
  return known?.held === 'granted' ? 'revoked' : undefined;
}

/** Salesforce tells whole seconds: a no counts from the end of its second, so that nothing said within that goes before it. */
const restOfSecond = 999;

function newConsent(
  { customer, crm }: ReadConsents,
  { since, changedAt, words }: HeldConsent,
  { channel, purpose }: { channel: string; purpose: string },
  act: 'granted' | 'revoked',
  firstSeen: boolean,
): NewConsent {
  const told = firstSeen ? since : changedAt;
  const at = act === 'revoked' ? new Date(told.getTime() + restOfSecond) : told;
  return { customer, channel, purpose, act, source: 'salesforce', words, at, by: `crm:${crm}` };
}

import type { CrmSession } from '../crms/crm.ts';
import { done } from '../domain/outcome.ts';
import type { HistoryPlace } from '../store/erasure-places.ts';
import type { ErasureStep } from '../store/erasures.ts';
import type { Erased, ErasingRules, ErasingWorld } from './erasing.ts';

/** History or the contact of an erased customer at a CRM. */
export async function eraseAtCrm(world: ErasingWorld, rules: ErasingRules, step: ErasureStep): Promise<Erased> {
  const id = step.place.slice('crm:'.length);
  const session = world.crms.get(id)?.session;
  if (!session) return { result: 'never', why: `the CRM ${id} is no longer configured: remove it there by hand` };
  if (!session.eraseRecord) return { result: 'never', why: 'this CRM has no way to erase: remove it there by hand' };
  const erase = session.eraseRecord;
  if (step.what === 'consents') return eraseConsents(session, step);
  if (step.what === 'history') return eraseHistory(world, erase, step);
  const { contact, object, ours } = step.ref as { contact: string; object: string; ours: boolean };
  if (!ours && rules.records === 'ours')
    return done({ count: 0, left: 'the contact was there before, or is somebody else’s as well: it is left' });
  const erased = await erase({ object, id: contact });
  return erased.result === 'done' ? done({ count: 1 }) : erased;
}

async function eraseConsents({ consents }: CrmSession, step: ErasureStep): Promise<Erased> {
  const { keys, contacts } = step.ref as { keys: string[]; contacts: string[] };
  if (!consents) return { result: 'never', why: 'consents are no longer kept at this CRM: remove them there by hand' };
  const erased = await consents.erase(keys, contacts);
  return erased.result === 'done' ? done({ count: keys.length }) : erased;
}

type EraseRecord = NonNullable<NonNullable<ReturnType<ErasingWorld['crms']['get']>>['session']['eraseRecord']>;

async function eraseHistory(world: ErasingWorld, erase: EraseRecord, step: ErasureStep): Promise<Erased> {
  const { entries, mapping } = step.ref as unknown as HistoryPlace;
  const { history } = await world.mappingAt(mapping ?? undefined);
  const object = history.shape === 'task' ? 'Task' : history.object;
  for (const { key, id } of entries) {
    const erased = await erase({ object, key: { field: history.keyField, value: key }, ...(id ? { id } : {}) });
    if (erased.result !== 'done') return erased;
  }
  return done({ count: entries.length });
}

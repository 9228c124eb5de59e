import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SetupChange, SetupWish } from '../channel.ts';
import { callGraph, type GraphAccess, type GraphCall } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asList, asRecord } from '../shared/json.ts';
import { type Items, type ProfileField, profileFields } from './page-profile-fields.ts';
import type { PageProfile } from './page-profile-schema.ts';

/** What becomes of one field: what is shown of it, and all its parts afterwards. */
interface FieldChange {
  field: ProfileField;
  change: SetupChange;
  after: Items;
}

/**
 * Sets what is configured and differs; what is not configured stays, and so do languages and web sites that somebody else
 * added. Taking away leaves what others have set meanwhile.
 */
export async function profileSetUp(
  wish: SetupWish,
  page: { id: string; profile: PageProfile | undefined; access: GraphAccess },
  tools: Tools,
): Promise<Outcome<SetupChange[]>> {
  const { profile } = page;
  if (!profile) return done([]);
  const path = `/${page.id}/messenger_profile`;
  const ask = (call: GraphCall) => callGraph(call, page.access, tools);
  const read = await ask({ method: 'GET', path, query: { fields: profileFields.map(({ name }) => name).join(',') } });
  if (read.kind !== 'success') return troubleOfHarmless(read);
  const now = asRecord(asList(read.json['data'])[0]) ?? {};
  const found = profileFields.flatMap(
    (field) => changeOf(field, profile, field.read(now[field.name]), wish.remove) ?? [],
  );
  if (wish.apply) {
    for (const call of callsFor(found, path)) {
      const changed = await ask(call);
      if (changed.kind !== 'success') return troubleOfHarmless(changed);
    }
  }
  return done(found.map(({ change }) => change));
}

function changeOf(field: ProfileField, profile: PageProfile, now: Items, remove: boolean): FieldChange | undefined {
  const wanted = field.wanted(profile);
  if (!wanted) return undefined;
  const same = (key: string) => now.has(key) && field.words(now.get(key)) === field.words(wanted.get(key));
  const keys = [...wanted.keys()].filter((key) => same(key) === remove);
  if (keys.length === 0) return undefined;
  const others = [...now].filter(([key]) => !keys.includes(key));
  const after = new Map(remove ? others : [...others, ...keys.map((key) => [key, wanted.get(key)] as const)]);
  // Meta wants one for all where there are any.
  if (field.byLanguage && after.size > 0 && !after.has('default')) return undefined;
  const shown = (items: Items) => wordsOf(field, keys, items);
  return { field, after, change: { what: field.what, now: shown(now), wanted: remove ? 'nothing' : shown(wanted) } };
}

function wordsOf({ byLanguage, words }: ProfileField, keys: readonly string[], items: Items): string {
  const named = byLanguage && keys.some((key) => key !== 'default');
  const there = keys.filter((key) => items.has(key)).sort();
  const all = there.map((key) => `${named ? `${key}: ` : ''}${words(items.get(key))}`);
  return all.join(byLanguage ? ' | ' : ', ') || 'nothing';
}

/** What is left empty is deleted, first: the button cannot go before the menu. */
function callsFor(changes: readonly FieldChange[], path: string): GraphCall[] {
  const gone = changes.filter(({ after }) => after.size === 0).map(({ field }) => field.name);
  const set = changes.filter(({ after }) => after.size > 0);
  const body = Object.fromEntries(set.map(({ field, after }) => [field.name, field.toJson(after)]));
  return [
    ...(gone.length > 0 ? [{ method: 'DELETE', path, body: { fields: gone } } as const] : []),
    ...(set.length > 0 ? [{ method: 'POST', path, body } as const] : []),
  ];
}

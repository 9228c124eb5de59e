import { seconds } from '../../domain/duration.ts';
import { done, type Outcome, type Trouble } from '../../domain/outcome.ts';
import {
  type PresentThing,
  type SetupAct,
  type SetupFields,
  type SetupKind,
  setupDifferences,
  setupWords,
  type WantedThing,
} from '../../domain/setup.ts';
import type { Clock } from '../../kit/clock.ts';

/** What was done before something went wrong, or until all was as wanted. */
export type Applied = { acts: SetupAct[]; trouble?: Trouble };

/** One step: in words, and the calls that make it true. */
interface Step {
  shown: SetupAct;
  run?: () => Promise<Outcome<unknown>>;
}

interface Work {
  remove: boolean;
  clock: Pick<Clock, 'sleep'>;
  ids: Map<string, string>;
}

/** What would have to be done; changes nothing. */
export async function compareKinds(kinds: readonly SetupKind[], remove: boolean): Promise<Outcome<SetupAct[]>> {
  const work: Work = { remove, clock: unused, ids: new Map() };
  const made: Step[] = [];
  const taken: Step[] = [];
  for (const kind of kinds) {
    const present = await kind.present();
    if (present.result !== 'done') return present;
    const steps = stepsOf(kind, present.value, work);
    made.push(...steps.makes);
    taken.unshift(...steps.takes);
  }
  return done([...made, ...taken].map(({ shown }) => shown));
}

const unused = { sleep: () => Promise.reject(new Error('a comparison waits for nothing')) };

/**
 * Makes everything so: first what is to be there, kind by kind; then, in reverse, what is to go, when nothing refers to it
 * any more. Stops at the first thing that cannot be done. Whatever of it was done before, by this run or one that was cut
 * off, is found by its key and not made again.
 */
export async function applyKinds(
  kinds: readonly SetupKind[],
  remove: boolean,
  clock: Pick<Clock, 'sleep'>,
): Promise<Applied> {
  const work: Work = { remove, clock, ids: new Map() };
  const acts: SetupAct[] = [];
  const taken: Step[] = [];
  for (const kind of kinds) {
    const present = await patiently(work, () => kind.present());
    if (present.result !== 'done') return { acts, trouble: present };
    const { makes, takes } = stepsOf(kind, present.value, work);
    taken.unshift(...takes);
    const trouble = await runAll(work, makes, acts);
    if (trouble) return { acts, trouble };
  }
  const trouble = await runAll(work, taken, acts);
  return { acts, ...(trouble && { trouble }) };
}

/** Notes what was done in `acts`. */
async function runAll(work: Work, steps: readonly Step[], acts: SetupAct[]): Promise<Trouble | undefined> {
  for (const { shown, run } of steps) {
    const ended = run ? await patiently(work, run) : done(undefined);
    if (ended.result !== 'done') return { ...ended, why: `${shown.what}: ${ended.why}` };
    acts.push(shown);
  }
  return undefined;
}

function stepsOf(kind: SetupKind, present: readonly PresentThing[], work: Work): { makes: Step[]; takes: Step[] } {
  const ours = oldestByKey(present);
  const wanted = work.remove ? [] : kind.wanted(work.ids);
  const byKey = new Map(wanted.map((thing) => [thing.key, thing]));
  for (const key of byKey.keys()) if (ours.has(key)) work.ids.set(`${kind.name}/${key}`, ours.get(key)!.id);
  const goes = (thing: PresentThing): boolean => {
    const first = thing.key === undefined ? undefined : ours.get(thing.key);
    if (!first) return false;
    // Wanted no longer: of an older version, or all that bears our mark.
    if (!byKey.has(first.key!)) return true;
    return first !== thing && (isDouble(thing, first) || isDouble(thing, byKey.get(first.key!)));
  };
  const copies = present.filter((thing) => thing.key !== undefined && ours.get(thing.key) !== thing && !goes(thing));
  const noted = present.filter(({ key, note }) => key === undefined && note !== undefined);
  return {
    makes: [
      ...wanted.flatMap((thing) => wantedStep(kind, thing, ours.get(thing.key), work)),
      ...noted.map((thing) => left(kind, thing)),
      ...copies.map((thing) => left(kind, { ...thing, note: copyNote })),
    ],
    takes: present.filter(goes).map((thing) => removed(kind, thing)),
  };
}

const copyNote =
  'it bears our mark and is not as ours: a copy that somebody changed? Take the mark out of its description';

/** Made twice; what somebody copied and changed is not. */
const isDouble = (thing: PresentThing, other: { fields: SetupFields } | undefined): boolean =>
  other !== undefined && setupDifferences(thing.fields, other.fields).length === 0;

/** Of several with one key the oldest is ours: ids grow. Platforms list by place or title. */
function oldestByKey(present: readonly PresentThing[]): Map<string, PresentThing> {
  const found = new Map<string, PresentThing>();
  for (const thing of present) {
    const known = thing.key === undefined ? undefined : found.get(thing.key);
    if (thing.key !== undefined && (!known || isOlder(thing.id, known.id))) found.set(thing.key, thing);
  }
  return found;
}

const isOlder = (a: string, b: string): boolean => (a.length === b.length ? a < b : a.length < b.length);

const named = ({ name }: SetupKind, { label }: { label: string }) => `${name} “${label}”`;

function wantedStep(kind: SetupKind, thing: WantedThing, there: PresentThing | undefined, work: Work): Step[] {
  if (!there) return [created(kind, thing, work)];
  const fields = setupDifferences(there.fields, thing.fields);
  if (fields.length === 0) return [];
  const shown = fields.map((field) => inWords(field, there.fields[field], thing.fields[field]));
  const news = Object.fromEntries(fields.map((field) => [field, thing.fields[field]]));
  return [
    { shown: { act: 'change', what: named(kind, there), fields: shown }, run: () => kind.change(there.id, news) },
  ];
}

const inWords = (field: string, now: unknown, wanted: unknown) => ({
  field,
  now: setupWords(now),
  wanted: setupWords(wanted),
});

function created(kind: SetupKind, thing: WantedThing, work: Work): Step {
  const fields = Object.entries(thing.fields).map(([field, value]) => inWords(field, undefined, value));
  return {
    shown: { act: 'create', what: named(kind, thing), fields },
    run: async () => {
      const made = await createdOnce(kind, thing);
      if (made.result === 'done') work.ids.set(`${kind.name}/${thing.key}`, made.value);
      return made;
    },
  };
}

/** When it may have been made, it is looked for before it is made again. */
async function createdOnce(kind: SetupKind, thing: WantedThing): Promise<Outcome<string>> {
  const made = await kind.create(thing);
  if (made.result !== 'unsure') return made;
  const present = await kind.present();
  if (present.result !== 'done') return present;
  const found = present.value.find(({ key }) => key === thing.key);
  return found ? done(found.id) : { result: 'later', why: made.why };
}

const removed = (kind: SetupKind, thing: PresentThing): Step => ({
  shown: { act: 'remove', what: named(kind, thing), fields: [] },
  run: () => kind.remove(thing.id),
});

const left = (kind: SetupKind, thing: PresentThing): Step => ({
  shown: { act: 'leave', what: named(kind, thing), fields: [], why: thing.note! },
});

/** How often a platform that asks to wait is asked again, and how long it may ask to be waited for at most. */
const mostTries = 4;
const longestWait = seconds(65);

async function patiently<Value>({ clock }: Work, act: () => Promise<Outcome<Value>>): Promise<Outcome<Value>> {
  for (let tries = 1; ; tries++) {
    const outcome = await act();
    const unsettled = outcome.result === 'later' || outcome.result === 'unsure';
    if (!unsettled || tries >= mostTries) return outcome;
    const asked = outcome.result === 'later' ? outcome.after : undefined;
    if (asked !== undefined && asked > longestWait) return outcome;
    await clock.sleep(asked ?? 250 * 2 ** tries);
  }
}

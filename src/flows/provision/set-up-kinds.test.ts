import fc from 'fast-check';
import { expect, test } from 'vitest';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { PresentThing, SetupFields, SetupKind, WantedThing } from '../../domain/setup.ts';
import { applyKinds, compareKinds } from './set-up-kinds.ts';

/** A platform in memory, with one list for each kind, whose calls can be cut off. */
class Platform {
  readonly things = new Map<string, PresentThing[]>();
  calls = 0;
  private last = 0;
  /** What becomes of the nth call. */
  fate: (call: number) => 'lands' | 'killed-before' | 'killed-after' | 'lost' | 'busy' = () => 'lands';

  list(kind: string): PresentThing[] {
    const list = this.things.get(kind) ?? [];
    this.things.set(kind, list);
    return list;
  }

  put(kind: string, thing: Omit<PresentThing, 'id'>): string {
    const id = `id-${++this.last}`;
    this.list(kind).push({ ...thing, id });
    return id;
  }

  async call<Value>(act: () => Value): Promise<Outcome<Value>> {
    const fate = this.fate(++this.calls);
    if (fate === 'killed-before') throw new Error('killed');
    if (fate === 'busy') return { result: 'later', why: 'busy' };
    const value = act();
    if (fate === 'killed-after') throw new Error('killed');
    return fate === 'lost' ? { result: 'unsure', why: 'no answer' } : done(value);
  }

  kind(name: string, wanted: SetupKind['wanted']): SetupKind {
    const at = (id: string) => this.list(name).findIndex((thing) => thing.id === id);
    return {
      name,
      wanted,
      present: () => this.call(() => structuredClone(this.list(name))),
      create: ({ key, label, fields }) => this.call(() => this.put(name, { key, label, fields })),
      change: (id, fields: SetupFields) =>
        this.call(() => {
          const thing = this.list(name)[at(id)]!;
          thing.fields = { ...thing.fields, ...fields };
        }),
      remove: (id) => this.call(() => void (at(id) >= 0 && this.list(name).splice(at(id), 1))),
    };
  }
}

const clock = { sleep: async () => undefined };

const fields = fc.record({ colour: fc.constantFrom('red', 'blue'), size: fc.integer({ min: 0, max: 2 }) });
const wantedThings = fc
  .uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 })
  .chain((keys) =>
    fc.tuple(
      ...keys.map((key) => fields.map((each): WantedThing => ({ key, label: key.toUpperCase(), fields: each }))),
    ),
  );
const presentThings = fc.array(
  fc.record(
    {
      key: fc.constantFrom('a', 'b', 'c', 'd', 'old'),
      label: fc.constantFrom('A', 'B', 'X'),
      fields: fields.map((each) => ({ ...each, theirs: 1 })),
      note: fc.constant('it does the same'),
    },
    { requiredKeys: ['label', 'fields'] },
  ),
  { maxLength: 7 },
);

/** Two kinds, the second of which speaks of the first one's ids. */
const scene = fc.record({ first: wantedThings, second: wantedThings, there: presentThings, beside: presentThings });
type Scene = typeof scene extends fc.Arbitrary<infer Value> ? Value : never;

function played({ first, second, there, beside }: Scene) {
  const platform = new Platform();
  for (const thing of there) platform.put('hook', thing);
  for (const thing of beside) platform.put('rule', thing);
  const others = () => [...platform.list('hook'), ...platform.list('rule')].filter(({ key }) => key === undefined);
  const kinds = [
    platform.kind('hook', () => first),
    platform.kind('rule', (ids) =>
      second.map((thing) => ({ ...thing, fields: { ...thing.fields, calls: ids.get('hook/a') ?? 'none' } })),
    ),
  ];
  return { platform, kinds, others, before: structuredClone(others()), all: snapshot(platform) };
}

/** Everything of ours there, that is: with a key. */
const ours = (platform: Platform, kind: string) => platform.list(kind).filter(({ key }) => key !== undefined);

/** The oldest of each key, before anything was done. */
const keepers = (before: readonly PresentThing[]) =>
  before.filter(({ key }, i) => key !== undefined && before.findIndex((other) => other.key === key) === i);

/** What bears the mark of one of ours that is wanted, and is not the oldest: doubles, and copies that somebody changed. */
function surplusIn(before: readonly PresentThing[], wanted: readonly WantedThing[]) {
  const same = (a: SetupFields, b: SetupFields) => Object.entries(b).every(([name, value]) => a[name] === value);
  const surplus = before.flatMap((thing) => {
    const first = keepers(before).find(({ key }) => key === thing.key);
    const wish = wanted.find(({ key }) => key === thing.key);
    return first && wish && first.id !== thing.id ? [{ thing, first, wish }] : [];
  });
  const isCopy = ({ thing, first, wish }: (typeof surplus)[number]) =>
    !same(thing.fields, first.fields) && !same(thing.fields, wish.fields);
  return { all: surplus.map(({ thing }) => thing), copies: surplus.filter(isCopy).map(({ thing }) => thing) };
}

type Before = Record<'hook' | 'rule', PresentThing[]>;
const snapshot = (platform: Platform): Before =>
  structuredClone({ hook: platform.list('hook'), rule: platform.list('rule') });

/** `cut`: a run was killed between a change and the end, after which a double may look like a copy that somebody changed. */
function isAsWanted({ first, second }: Scene, platform: Platform, before: Before, cut = false): void {
  for (const [kind, wanted] of [
    ['hook', first],
    ['rule', second],
  ] as const) {
    // The second kind's things also speak of the first one's ids, so that a copy of them is never quite what is wanted.
    const full =
      kind === 'hook' ? wanted : wanted.map((thing) => ({ ...thing, fields: { ...thing.fields, calls: '?' } }));
    const surplus = surplusIn(before[kind], full);
    const isSurplus = ({ id }: PresentThing) => surplus.all.some((thing) => thing.id === id);
    const found = ours(platform, kind).filter((thing) => !isSurplus(thing));
    expect(found.map(({ key }) => key).sort()).toEqual(wanted.map(({ key }) => key).sort());
    for (const thing of wanted) expect(found.find(({ key }) => key === thing.key)!.fields).toMatchObject(thing.fields);
    const there = platform.list(kind).filter(isSurplus);
    expect(surplus.all).toEqual(expect.arrayContaining(there));
    if (cut) expect(there).toEqual(expect.arrayContaining(surplus.copies));
    else expect(there).toEqual(surplus.copies);
    if (kind === 'rule') {
      const hook = ours(platform, 'hook').find(({ key }) => key === 'a' && first.some((each) => each.key === 'a'));
      for (const { fields: each } of found) expect(each['calls']).toBe(hook?.id ?? 'none');
    }
  }
}

const pending = async (kinds: readonly SetupKind[], remove = false) => {
  const compared = await compareKinds(kinds, remove);
  if (compared.result !== 'done') throw new Error(compared.why);
  return compared.value.filter(({ act }) => act !== 'leave');
};

test('whatever is there, afterwards all is as wanted, others’ things are as they were, and there is nothing left to do', () =>
  fc.assert(
    fc.asyncProperty(scene, async (given) => {
      const { platform, kinds, others, before, all } = played(given);
      const shown = await pending(kinds);
      const { acts, trouble } = await applyKinds(kinds, false, clock);
      expect(trouble).toBeUndefined();
      expect(acts.filter(({ act }) => act !== 'leave').length).toBeGreaterThanOrEqual(Math.sign(shown.length));
      isAsWanted(given, platform, all);
      expect(others()).toEqual(before);
      expect(await pending(kinds)).toEqual([]);
    }),
  ));

test('a comparison changes nothing', () =>
  fc.assert(
    fc.asyncProperty(scene, fc.boolean(), async (given, remove) => {
      const { platform, kinds } = played(given);
      const before = structuredClone([...platform.things]);
      await compareKinds(kinds, remove);
      expect([...platform.things]).toEqual(before);
    }),
  ));

test('killed at any call, then run again: as if nothing had happened', () =>
  fc.assert(
    fc.asyncProperty(scene, fc.nat({ max: 14 }), fc.boolean(), fc.boolean(), async (given, at, after, remove) => {
      const { platform, kinds, others, before, all } = played(given);
      platform.fate = (call) => (call === at + 1 ? (after ? 'killed-after' : 'killed-before') : 'lands');
      await applyKinds(kinds, remove, clock).catch(() => undefined);
      platform.fate = () => 'lands';
      expect((await applyKinds(kinds, remove, clock)).trouble).toBeUndefined();
      if (remove) expect([...ours(platform, 'hook'), ...ours(platform, 'rule')]).toEqual([]);
      else isAsWanted(given, platform, all, true);
      expect(others()).toEqual(before);
      expect(await pending(kinds, remove)).toEqual([]);
    }),
  ));

test('answers that are lost, and busy platforms, double nothing', () =>
  fc.assert(
    fc.asyncProperty(scene, fc.array(fc.nat({ max: 20 })), fc.array(fc.nat({ max: 20 })), async (given, lost, busy) => {
      const { platform, kinds, others, before, all } = played(given);
      platform.fate = (call) => (lost.includes(call) ? 'lost' : busy.includes(call) ? 'busy' : 'lands');
      await applyKinds(kinds, false, clock);
      platform.fate = () => 'lands';
      await applyKinds(kinds, false, clock);
      isAsWanted(given, platform, all, true);
      expect(others()).toEqual(before);
    }),
  ));

test('a copy that somebody changed is left, and named', async () => {
  const platform = new Platform();
  const kind = platform.kind('rule', () => [{ key: 'a', label: 'A', fields: { colour: 'red' } }]);
  for (const colour of ['red', 'red', 'blue']) platform.put('rule', { key: 'a', label: 'A', fields: { colour } });
  const { acts } = await applyKinds([kind], false, clock);
  expect(acts.map(({ act, why }) => `${act} ${why ?? ''}`)).toEqual([
    expect.stringMatching(/^leave it bears our mark/),
    'remove ',
  ]);
  expect(platform.list('rule').map(({ id }) => id)).toEqual(['id-1', 'id-3']);
});

test('one that is refused for good stops it, and is named', async () => {
  const platform = new Platform();
  const kind = platform.kind('rule', () => [{ key: 'a', label: 'A', fields: {} }]);
  const refusing: SetupKind = { ...kind, create: async () => ({ result: 'never', why: 'no such field' }) };
  expect(await applyKinds([refusing], false, clock)).toEqual({
    acts: [],
    trouble: { result: 'never', why: 'rule “A”: no such field' },
  });
});

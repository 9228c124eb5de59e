import fc from 'fast-check';

/** Bodies that are nearly real: mutated copies of real ones, batches made of several, and now and then something else. */
export function nearlyReal(bodies: readonly Buffer[], form: '.json' | '.xml' | '.txt'): fc.Arbitrary<Buffer> {
  const real = fc.constantFrom(...bodies.map((body) => body.toString('utf8')));
  const changed = form === '.json' ? changedJson(real) : changedText(real);
  return fc.oneof(
    { weight: 8, arbitrary: changed.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.json({ maxDepth: 5 }).map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  );
}

/** What readers do not expect. */
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double(),
  fc.constantFrom<unknown>(
    '',
    '\0',
    '\ud800',
    'a\0b',
    -1,
    0,
    1e300,
    -1e300,
    2 ** 60,
    true,
    false,
    null,
    [],
    {},
    [[]],
    [null],
  ),
  fc.constantFrom<unknown>('x'.repeat(70_000), '9'.repeat(400), '1e999', '__proto__', 'constructor', '\u202e\u0007'),
  fc.constant<unknown>(JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')),
  fc.integer({ min: 1, max: 200 }).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown),
);

type Change = {
  how: 'replace' | 'remove' | 'repeat' | 'rename' | 'graft' | 'swap';
  at: number;
  to: number;
  value: unknown;
};

const change: fc.Arbitrary<Change> = fc.record({
  how: fc.constantFrom('replace', 'remove', 'repeat', 'rename', 'graft', 'swap'),
  at: fc.nat(),
  to: fc.nat(),
  value: odd,
});

const changedJson = (real: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(real, real, fc.array(change, { maxLength: 5 }), fc.boolean()).map(([text, other, changes, batched]) => {
    let json = JSON.parse(text) as unknown;
    if (batched) json = together(json, JSON.parse(other));
    for (const each of changes) apply(json, each);
    return JSON.stringify(json);
  });

/** Two bodies of one kind as one: lists are joined. */
function together(one: unknown, two: unknown): unknown {
  if (Array.isArray(one) && Array.isArray(two)) return [...one, ...two];
  if (!isRecord(one) || !isRecord(two)) return one;
  return Object.fromEntries(
    Object.entries(one).map(([key, value]) => [
      key,
      Object.hasOwn(two, key) && Array.isArray(value) ? together(value, two[key]) : value,
    ]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Not structuredClone, whose copies are of another realm in the tests. */
const copyOf = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

type Place = [Record<string, unknown>, string];

function placesIn(json: unknown, depth = 0): Place[] {
  if (typeof json !== 'object' || json === null || depth > 30) return [];
  const owner = json as Record<string, unknown>;
  return Object.keys(owner).flatMap((key): Place[] => [[owner, key], ...placesIn(owner[key], depth + 1)]);
}

function apply(json: unknown, { how, at, to, value: given }: Change): void {
  // A copy: what is put in here may be changed by the next change, and given again to another body.
  const value = copyOf(given);
  const places = placesIn(json);
  if (places.length === 0) return;
  const [owner, key] = places[at % places.length]!;
  const [otherOwner, otherKey] = places[to % places.length]!;
  const set = (target: Record<string, unknown>, name: string, what: unknown) =>
    Object.defineProperty(target, name, { value: what, enumerable: true, configurable: true, writable: true });
  if (how === 'replace') set(owner, key, value);
  else if (how === 'remove') Array.isArray(owner) ? owner.splice(Number(key), 1) : delete owner[key];
  else if (how === 'repeat' && Array.isArray(owner)) owner.push(copyOf(owner[Number(key)]));
  else if (how === 'rename') set(owner, `${key}_x`, value);
  else if (how === 'graft') set(owner, key, copyOf(otherOwner[otherKey]));
  else if (how === 'swap') {
    const kept = copyOf(owner[key]);
    set(owner, key, copyOf(otherOwner[otherKey]));
    set(otherOwner, otherKey, kept);
  }
}

/** For XML, forms and whatever is no JSON: pieces cut out, doubled, or put in. */
const changedText = (real: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      real,
      fc.array(
        fc.tuple(fc.nat(), fc.nat({ max: 60 }), fc.constantFrom('cut', 'double', 'put'), fc.string({ unit: 'binary' })),
        { maxLength: 4 },
      ),
    )
    .map(([text, changes]) =>
      changes.reduce((rest, [where, length, how, put]) => {
        const at = where % (rest.length + 1);
        const piece = rest.slice(at, at + length);
        const instead = how === 'cut' ? '' : how === 'double' ? piece + piece : put;
        return rest.slice(0, at) + instead + rest.slice(at + length);
      }, text),
    );

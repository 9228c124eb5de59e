import fc from 'fast-check';

/** JSON Schema as our OpenAPI document uses it. */
export interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  format?: string;
  pattern?: string;
}

/** What Postgres, JSON and forms find hard. */
const oddTexts = fc.constantFrom(
  '',
  ' ',
  '\u0000',
  '\ud800',
  "'; drop table x",
  '{{ 1 }}',
  '☃'.repeat(50),
  '-1',
  '1e9',
  'null',
);

/** What there really is, by the name of the field that asks for it. */
export type Known = Readonly<Record<string, readonly unknown[]>>;

/** Values that fit a schema, as far as it says; `odd` sometimes puts in what does not. Mostly what is known, where something is. */
export function valuesOf(schema: Schema, odd: boolean, known: Known, name = ''): fc.Arbitrary<unknown> {
  const fitting = Object.hasOwn(known, name)
    ? fc.oneof({ weight: 7, arbitrary: fc.constantFrom(...known[name]!) }, fittingValues(schema, odd, known))
    : fittingValues(schema, odd, known);
  return odd ? fc.oneof({ weight: 9, arbitrary: fitting }, { weight: 1, arbitrary: anything }) : fitting;
}

const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), oddTexts, fc.constant(null));

function fittingValues(schema: Schema, odd: boolean, known: Known): fc.Arbitrary<unknown> {
  const { enum: values, anyOf, oneOf, allOf } = schema;
  if ('const' in schema) return fc.constant(schema.const);
  if (values) return fc.constantFrom(...values);
  const some = anyOf ?? oneOf ?? allOf;
  if (some) return fc.oneof(...some.map((each) => valuesOf(each, odd, known)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object':
      return objectsOf(schema, odd, known);
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}, odd, known), {
        minLength: Math.min(schema.minItems ?? 0, 3),
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'string':
      return textsOf(schema, odd);
    case 'integer':
    case 'number':
      return numbersOf(schema, odd);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return anything;
  }
}

function objectsOf(
  { properties = {}, required = [], additionalProperties }: Schema,
  odd: boolean,
  known: Known,
): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, each]) => [name, valuesOf(each, odd, known, name)]),
  );
  const needed = odd ? required.filter((_, n) => n % 3 !== 0) : required;
  const named = fc.record(fields, { requiredKeys: needed as never[] });
  if (typeof additionalProperties !== 'object') return named;
  const further = fc.dictionary(fc.string({ minLength: 1, maxLength: 8 }), valuesOf(additionalProperties, odd, known), {
    maxKeys: 3,
  });
  return fc.tuple(named, further).map(([a, b]) => ({ ...b, ...a }));
}

function textsOf(schema: Schema, odd: boolean): fc.Arbitrary<string> {
  const { format, pattern, minLength = 0, maxLength = 40 } = schema;
  const plain = format ? byFormat(format) : pattern ? byPattern(pattern) : undefined;
  const free = fc.string({ minLength: Math.min(minLength, 40), maxLength: Math.min(maxLength, 40) });
  const usual =
    plain ?? fc.oneof(free, fc.constantFrom('acme-page', 'ida@example.com', '+4790000000', '7d', 'en', 'EUR'));
  return odd ? fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: oddTexts }) : usual;
}

function byFormat(format: string): fc.Arbitrary<string> {
  if (format === 'date-time') return fc.date({ noInvalidDate: true }).map((at) => at.toISOString());
  if (format === 'email') return fc.constant('ida@example.com');
  if (format === 'uri') return fc.constant('https://acme.example/x');
  return fc.string({ maxLength: 30 });
}

function byPattern(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' });
  } catch {
    return fc.string({ maxLength: 30 });
  }
}

function numbersOf({ type, minimum, maximum, exclusiveMinimum }: Schema, odd: boolean): fc.Arbitrary<number> {
  const least = Math.max(minimum ?? -1e6, (exclusiveMinimum ?? -1e6) + (exclusiveMinimum === undefined ? 0 : 1));
  const [min, max] = [Math.ceil(Math.max(least, -1e9)), Math.floor(Math.min(maximum ?? 1e6, 1e9))];
  const usual = fc.integer({ min, max: Math.max(min, max) });
  const strange = fc.constantFrom(-1, 0, 1.5, 1e15, 1e300, Number.MAX_SAFE_INTEGER);
  return odd || type === 'number'
    ? fc.oneof({ weight: 4, arbitrary: usual }, { weight: 1, arbitrary: strange })
    : usual;
}

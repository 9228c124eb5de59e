import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';

type Json = Record<string, unknown>;

interface Operation {
  parameters: { name: string; in: string; required?: boolean; schema: Json }[];
  requestBody?: { required?: boolean; content: Record<string, { schema: Json }> };
}

export interface SentRequest {
  method: string;
  url: string;
  contentType: string | undefined;
  body: string;
}

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A platform's own specification (OpenAPI 3.0, the part kept in `test/fixtures/specs`), to hold requests against. */
export function platformSpec(name: string) {
  const file = fileURLToPath(new URL(`../fixtures/specs/${name}.json`, import.meta.url));
  const { paths, schemas } = JSON.parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Record<string, Operation>>;
    schemas: Record<string, Json>;
  };
  const ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
  for (const [name_, schema] of Object.entries(schemas))
    for (const each of asSchemas(name_, schema)) ajv.addSchema(each);
  const patterns = Object.entries(paths).map(([path, methods]) => ({
    path,
    methods,
    fits: new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '[^/]+?')}$`),
  }));
  const problemsOf = (schema: Json, value: unknown): string[] => {
    const validate = ajv.compile(closed(schema));
    return validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
  return {
    paths: Object.keys(paths),
    /** What the specification does not allow of a request; nothing when it is right. */
    complaints: ({ method, url, contentType, body }: SentRequest): string[] => {
      const { pathname, searchParams } = new URL(url);
      const found = patterns.find(({ fits }) => fits.test(decodeURI(pathname)));
      const operation = found?.methods[method.toLowerCase()];
      if (!operation) return [`there is no ${method} ${pathname}`];
      const query = Object.fromEntries(searchParams);
      return [...queryComplaints(operation, query), ...bodyComplaints(operation, contentType, body, problemsOf)].map(
        (problem) => `${method} ${found!.path}: ${problem}`,
      );
    },
  };
}

function queryComplaints({ parameters }: Operation, query: Record<string, string>): string[] {
  const known = parameters.filter((parameter) => parameter.in === 'query');
  return [
    ...Object.keys(query)
      .filter((name) => !known.some((each) => each.name === name))
      .map((name) => `no query ${name}`),
    ...known
      .filter(({ name, required }) => required && query[name] === undefined)
      .map(({ name }) => `query ${name} is missing`),
  ];
}

function bodyComplaints(
  { requestBody }: Operation,
  contentType: string | undefined,
  body: string,
  problemsOf: (schema: Json, value: unknown) => string[],
): string[] {
  if (!requestBody) return body === '' ? [] : ['takes no body'];
  const type = contentType?.split(';')[0] ?? '';
  if (body === '' && !requestBody.required) return [];
  const taken = requestBody.content[type];
  if (!taken) return [`takes no ${type || 'body without a type'}`];
  return problemsOf(taken.schema, type === 'application/json' ? JSON.parse(body) : formOf(taken.schema, body));
}

/** A form has only texts: numbers, booleans and lists are read as the schema has them. */
function formOf(schema: Json, body: string): Json {
  const fields = new URLSearchParams(body);
  const properties = (schema['properties'] ?? {}) as Record<string, Json>;
  return Object.fromEntries(
    [...new Set(fields.keys())].map((name) => {
      const type = properties[name]?.['type'];
      const [text = ''] = fields.getAll(name);
      if (type === 'array') return [name, fields.getAll(name)];
      if (type === 'integer' || type === 'number') return [name, Number(text)];
      return [name, type === 'boolean' ? text === 'true' : text];
    }),
  );
}

const idOf = (ref: string) => `spec:${ref.split('/').at(-1)}`;

/**
 * OpenAPI's way to say "one of these, by its `type`" as JSON Schema. Kinds refer to their base, so that stands apart from
 * what chooses among them.
 */
function asSchemas(name: string, schema: Json): Json[] {
  const { discriminator, ...base } = schema;
  if (!isJson(discriminator)) return [{ $id: `spec:${name}`, ...(open(base) as Json) }];
  const property = String(discriminator['propertyName']);
  const mapping = discriminator['mapping'] as Record<string, string>;
  const kinds = Object.entries(mapping).map(([value, ref]) => ({
    if: { properties: { [property]: { const: value } } },
    // biome-ignore lint/suspicious/noThenProperty: so JSON Schema calls it
    then: { $ref: `spec:${ref.split('/').at(-1)}` },
  }));
  return [
    { $id: `spec:${name}:base`, ...(open(base) as Json) },
    {
      $id: `spec:${name}`,
      type: 'object',
      required: [property],
      properties: { [property]: { enum: Object.keys(mapping) } },
      allOf: kinds,
      unevaluatedProperties: false,
    },
  ];
}

/** References as ajv knows them; within `allOf` a reference means the base. Objects on their own take nothing they do not name. */
function open(schema: unknown, inAllOf = false): unknown {
  if (Array.isArray(schema)) return schema.map((each) => open(each));
  if (!isJson(schema)) return schema;
  const { nullable: _, discriminator: __, ...rest } = schema;
  return Object.fromEntries(
    Object.entries(rest).map(([key, value]) => {
      if (key === '$ref') return [key, inAllOf ? `${idOf(String(value))}:base` : idOf(String(value))];
      if (key === 'allOf' && Array.isArray(value)) return [key, value.map((each) => open(each, true))];
      return [key, open(value)];
    }),
  );
}

const closed = (schema: Json): Json => {
  const opened = open(schema) as Json;
  return '$ref' in opened || opened['type'] === 'object' ? { ...opened, unevaluatedProperties: false } : opened;
};

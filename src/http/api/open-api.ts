import { z } from 'zod';
import type { Operation } from './operation.ts';

type Json = Record<string, unknown>;

/** The OpenAPI 3.1 description, drawn from the schemas the API checks with. */
export function openApi(operations: readonly Operation[]): Json {
  const paths: Record<string, Json> = {};
  for (const each of operations) paths[each.path] = { ...paths[each.path], [each.method]: described(each) };
  return {
    openapi: '3.1.0',
    info: { title: 'Passerelle', version: '1', description: 'What an operator and a shop may ask of Passerelle.' },
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key of the API.' } },
      schemas: { Problem: problemSchema },
      responses: { Problem: problemResponse },
    },
    security: [{ key: [] }],
  };
}

function described(each: Operation): Json {
  const content = (schema: z.ZodType, io: 'input' | 'output') => ({
    'application/json': { schema: jsonSchema(schema, io) },
  });
  return {
    operationId: each.id,
    summary: each.summary,
    description: `${each.description} Scope: \`${each.scope}\`.`,
    parameters: [
      ...parametersOf(each.params, 'path'),
      ...parametersOf(each.query, 'query'),
      ...(each.idempotent ? [idempotencyKey] : []),
    ],
    ...(each.body ? { requestBody: { required: true, content: content(each.body, 'input') } } : {}),
    responses: {
      200: { description: 'Done.', content: content(each.answer, 'output') },
      ...Object.fromEntries(refusals.map((status) => [status, { $ref: '#/components/responses/Problem' }])),
    },
  };
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'A text of yours for this request, at most 200 letters; the same request with it is done once.',
  schema: { type: 'string', maxLength: 200 },
};

const refusals = [400, 401, 403, 404, 409, 422, 429];

/** JSON Schema 2020-12, as OpenAPI 3.1 wants it. */
export function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...drawn } = z.toJSONSchema(schema, { io }) as Json;
  return drawn;
}

export interface Parameter {
  name: string;
  in: 'path' | 'query';
  required: boolean;
  description?: string;
  schema: Json;
}

export function parametersOf(schema: z.ZodObject, place: 'path' | 'query'): Parameter[] {
  const drawn = jsonSchema(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(drawn.properties ?? {}).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: drawn.required?.includes(name) ?? false,
    ...(typeof description === 'string' ? { description } : {}),
    schema: rest,
  }));
}

const problemSchema = jsonSchema(
  z.object({
    ...{ type: z.string(), title: z.string(), status: z.int(), detail: z.string() },
    field: z.string().optional().describe('which part of the request is wrong: `body.order.total`, `query.limit`'),
  }),
  'output',
);

const problemResponse = {
  description: 'What was wrong (RFC 9457).',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

import { z } from 'zod';
import { mappingSchema } from './mapping-schema.ts';

/** What may stand in a mapping, as JSON Schema: editors complete by it. What only code can check is not in it. */
export function mappingJsonSchema(): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(mappingSchema(), { io: 'input', unrepresentable: 'any' });
  return schema;
}

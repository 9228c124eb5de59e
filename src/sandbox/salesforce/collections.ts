import { type Answer, type ApiError, type Call, errorsOf, ok, refuse } from './answer.ts';
import { readId } from './ids.ts';
import { inTransaction, type Org, schemaOf } from './org.ts';
import { answerSobjects } from './sobjects.ts';

interface CollectionResult {
  id?: string;
  success: boolean;
  created?: boolean;
  errors: { statusCode: string; message: string; fields: string[] }[];
}

type Item = Record<string, unknown>;

/** `/composite/sobjects`: up to 200 records in one call; each has its own result unless `allOrNone`. */
export function answerCollection(org: Org, call: Call, [object, field]: string[]): Answer {
  const { records, allOrNone } = itemsOf(call);
  if (!records || records.length > 200)
    return refuse(400, 'INVALID_INPUT', 'records must be an array of at most 200 records');
  const work = () =>
    records.map((record) => resultOf(answerSobjects(org, ...stepFor(org, call, record, object, field))));
  const isKept = (all: readonly CollectionResult[]) => !allOrNone || all.every(({ success }) => success);
  const results = inTransaction(org, work, isKept);
  if (isKept(results)) return ok(results);
  return ok(results.map((result) => (result.success ? rolledBack : result)));
}

const rolledBack: CollectionResult = {
  success: false,
  errors: [
    {
      statusCode: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
      fields: [],
    },
  ],
};

function itemsOf({ method, query, body }: Call): { records?: Item[]; allOrNone: boolean } {
  if (method === 'DELETE') {
    const ids = (query.get('ids') ?? '').split(',').filter(Boolean);
    return { records: ids.map((Id) => ({ Id })), allOrNone: query.get('allOrNone') === 'true' };
  }
  const { records, allOrNone } = (body ?? {}) as { records?: unknown; allOrNone?: unknown };
  const list = Array.isArray(records) ? { records: records as Item[] } : {};
  return { ...list, allOrNone: allOrNone === true };
}

/** The single call that does for one record what the collection asks for. */
function stepFor(org: Org, call: Call, record: Item, object?: string, field?: string): [Call, string[]] {
  const { attributes, id, Id = id, ...fields } = record;
  const type = object ?? (attributes as { type?: string } | undefined)?.type ?? objectOf(org, Id) ?? '';
  if (field === undefined) {
    const body = fields;
    return [{ ...call, body }, call.method === 'POST' ? [type] : [type, String(Id)]];
  }
  const { [field]: value, ...rest } = fields;
  return [{ ...call, body: rest }, [schemaOf(org, type)?.name ?? '', field, String(value)]];
}

const objectOf = (org: Org, id: unknown): string | undefined =>
  [...org.schemas.values()].find(({ keyPrefix }) => keyPrefix === readId(id)?.slice(0, 3))?.name;

function resultOf(answer: Answer): CollectionResult {
  const errors = errorsOf(answer).map(({ errorCode, message, fields = [] }: ApiError) => ({
    statusCode: errorCode,
    message,
    fields,
  }));
  const written = (answer.body ?? {}) as { id?: string; created?: boolean };
  if (errors.length > 0) return { success: false, errors };
  return {
    success: true,
    errors,
    ...(written.id ? { id: written.id } : {}),
    ...(written.created === undefined ? {} : { created: written.created }),
  };
}

import { randomBytes } from 'node:crypto';
import { type Answer, type Call, ok, refuse } from './answer.ts';
import { attributesOf, type Org, placeOfFile, type Row } from './org.ts';
import { type Found, runQuery } from './soql/run.ts';
import { SoqlError } from './soql/tokens.ts';

/** `/query?q=…` and `/query/LOCATOR`. */
export function answerQuery(org: Org, call: Call, [locator]: string[]): Answer {
  if (call.method !== 'GET') return refuse(405, 'METHOD_NOT_ALLOWED', `HTTP Method '${call.method}' not allowed.`);
  if (locator !== undefined) return furtherPage(org, call, locator);
  const soql = call.query.get('q');
  if (soql === null) return refuse(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  const found = foundOrRefused(org, soql);
  if ('status' in found) return found;
  if (found.count) return ok({ totalSize: found.rows.length, done: true, records: [] });
  return page(
    org,
    call,
    found.rows.map((row) => selected(found, row, call.version)),
    found.rows.length,
    0,
  );
}

function foundOrRefused(org: Org, soql: string): Found | Answer {
  try {
    return runQuery(org, soql);
  } catch (error) {
    if (!(error instanceof SoqlError)) throw error;
    return refuse(400, error.code, withPlace(soql, error));
  }
}

/** As Salesforce shows where: the line, a mark below, and the place counted from 1. */
function withPlace(soql: string, { message, at, code }: SoqlError): string {
  if (code === 'MALFORMED_QUERY') return message;
  const near = soql.slice(Math.max(0, at - 20), at + 20);
  return `\n${near}\n${' '.repeat(Math.min(at, 20))}^\nERROR at Row:1:Column:${at + 1}\n${message}`;
}

function selected({ schema, fields }: Found, row: Row, version: string): Row {
  const shown = { ...row, ...placeOfFile(schema, row, version) };
  const values = fields.map((name) => [name, shown[name] ?? null]);
  return { attributes: attributesOf(schema, row.Id, version), ...Object.fromEntries(values) };
}

function page(org: Org, call: Call, rest: Row[], totalSize: number, from: number): Answer {
  const size = batchSize(call);
  const records = rest.slice(0, size);
  if (rest.length <= size) return ok({ totalSize, done: true, records });
  const locator = `01g${randomBytes(6).toString('hex')}-${from + size}`;
  org.cursors.set(locator, rest.slice(size));
  const nextRecordsUrl = `/services/data/v${call.version}/query/${locator}`;
  return ok({ totalSize, done: false, nextRecordsUrl, records });
}

/** From 200 to 2,000, as the header Sforce-Query-Options asks. */
function batchSize({ headers }: Call): number {
  const wanted = /batchSize\s*=\s*(\d+)/i.exec(headers['sforce-query-options'] ?? '')?.[1];
  return Math.min(2_000, Math.max(200, Number(wanted ?? 2_000)));
}

function furtherPage(org: Org, call: Call, locator: string): Answer {
  const rest = org.cursors.get(locator);
  if (!rest) return refuse(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  const from = Number(locator.split('-')[1]);
  return page(org, call, rest, from + rest.length, from);
}

import { XMLParser } from 'fast-xml-parser';
import { asRecord, type JsonRecord, parseJson } from '../shared/json.ts';

/** Everything stays text, as it came; entities are never expanded, for WeChat wraps what people write in CDATA. */
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
});

/** A webhook's fields by name: of XML, or of JSON where the account chose that. Undefined where it is neither, or cut short. */
export function fieldsOf(body: Buffer): JsonRecord | undefined {
  const text = body
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .trim();
  try {
    if (text.startsWith('{')) return asRecord(parseJson(text));
    return text.endsWith('</xml>') ? asRecord(asRecord(parser.parse(text))?.['xml']) : undefined;
  } catch {
    return undefined;
  }
}

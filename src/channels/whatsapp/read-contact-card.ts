import type { Part } from '../../domain/part.ts';
import { asList, asRecord, asText, type JsonRecord } from '../shared/json.ts';

/** A card of the address book, as the lines a person would read on it. */
export function cardPart(card: JsonRecord | undefined): Part[] {
  if (!card) return [];
  const organisation = asRecord(card['org']);
  const lines = texts([
    asRecord(card['name'])?.['formatted_name'] ?? nameInVcard(card['vcard']),
    organisation?.['company'],
    organisation?.['title'],
    ...each(card['phones'], 'phone'),
    ...each(card['emails'], 'email'),
    ...each(card['urls'], 'url'),
    ...asList(card['addresses']).map(addressLine),
    card['birthday'],
  ]);
  return [{ type: 'template', what: 'contact card', lines: lines.length > 0 ? ['👤 Contact card', ...lines] : [] }];
}

const each = (list: unknown, key: string): unknown[] => asList(list).map((item) => asRecord(item)?.[key]);

function addressLine(json: unknown): string | undefined {
  const address = asRecord(json) ?? {};
  return texts(['street', 'zip', 'city', 'state', 'country'].map((key) => address[key])).join(', ');
}

/** A shared number may come as a vCard without a name of its own. */
const nameInVcard = (vcard: unknown): string | undefined => /^FN:(.+)$/m.exec(asText(vcard) ?? '')?.[1]?.trim();

const texts = (values: unknown[]): string[] => values.flatMap((value) => asText(value) ?? []);

import { asId, asList, asRecord, asText, type JsonRecord } from '../shared/json.ts';
import type { Told } from './wire.ts';

/** Fields that tell of the business account, its numbers and templates. Whatever else comes is kept as unsupported. */
const newsFields = new Set([
  'account_alerts',
  'account_review_update',
  'account_settings_update',
  'account_update',
  'business_capability_update',
  'business_status_update',
  'business_username_update',
  'message_template_components_update',
  'message_template_quality_update',
  'message_template_status_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
]);

/** From then on nothing can be sent, or again. */
const blocks = new Set(['ACCOUNT_DELETED', 'ACCOUNT_OFFBOARDED', 'DISABLE']);
const unblocks = new Set(['ACCOUNT_RECONNECTED', 'REINSTATE']);

/** A change without a list: news of the account itself. */
export function readAccountNews(field: string, value: JsonRecord): Told {
  if (!newsFields.has(field)) return { type: 'unsupported', what: `change.${field || 'without a field'}` };
  const what = whatHappened(value);
  const why = detailsOf(value);
  return { type: 'policy', action: actionOf(field, what), ...(why === '' ? {} : { why }) };
}

function actionOf(field: string, what: string | undefined): string {
  if (field === 'account_update' && what !== undefined) {
    if (blocks.has(what)) return 'block';
    if (unblocks.has(what)) return 'unblock';
  }
  return [field, what].filter(Boolean).join('.');
}

/** A ban is spoken of in its own words: planned, in force, lifted. */
const whatHappened = (value: JsonRecord): string | undefined =>
  asText(asRecord(value['ban_info'])?.['waba_ban_state']) ??
  ['event', 'decision', 'status', 'new_quality_score', 'new_category', 'alert_type']
    .map((key) => asText(value[key]))
    .find((word) => word !== undefined);

/** The plain values, also of objects and lists within, as `name: value`. */
function detailsOf(value: JsonRecord): string {
  return Object.entries(value)
    .flatMap(([key, member]) => linesOf(key, member))
    .join(', ')
    .slice(0, 1_000)
    .toWellFormed();
}

function linesOf(key: string, member: unknown): string[] {
  const plain = asId(member);
  if (plain !== undefined) return [`${key.replaceAll('_', ' ')}: ${plain}`];
  const inner = asRecord(member) ? [member] : asList(member);
  return inner.flatMap((each) =>
    Object.entries(asRecord(each) ?? {}).flatMap(([name, text]) => {
      const word = asId(text);
      return word === undefined ? [] : [`${name.replaceAll('_', ' ')}: ${word}`];
    }),
  );
}

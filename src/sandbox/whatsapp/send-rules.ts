import { CloudError, invalid } from './cloud-error.ts';
import { type Json, list, record } from './json.ts';
import type { Customer, State, StoredAttachment } from './state.ts';
import { filledTemplate } from './templates.ts';

export interface Content {
  text?: string;
  attachments: StoredAttachment[];
  template: boolean;
}

const mediaRules: Readonly<Record<string, { types: RegExp; most: number; caption: boolean }>> = {
  image: { types: /^image\/(?:jpeg|png)$/, most: 5 * 1024 * 1024, caption: true },
  video: { types: /^video\/(?:mp4|3gpp)$/, most: 16 * 1024 * 1024, caption: true },
  audio: { types: /^audio\/(?:aac|amr|mpeg|mp4|ogg|opus)$/, most: 16 * 1024 * 1024, caption: false },
  document: { types: /./, most: 100 * 1024 * 1024, caption: true },
  sticker: { types: /^image\/webp$/, most: 500 * 1024, caption: false },
};

/** What a message holds, if WhatsApp would take it as it is. */
export function checkContent(state: State, body: Json): Content {
  const type = String(body['type'] ?? 'text');
  checkLength('biz_opaque_callback_data', body['biz_opaque_callback_data'], 512);
  if (type === 'text') return { text: textOf(body['text']), attachments: [], template: false };
  if (type === 'interactive') return { text: interactiveText(body['interactive']), attachments: [], template: false };
  if (type === 'template')
    return { text: filledTemplate(state.templates, body['template']), attachments: [], template: true };
  const rule = mediaRules[type];
  if (!rule) throw invalid(`Param type must be one of {TEXT, INTERACTIVE, TEMPLATE, ${Object.keys(mediaRules)}}`);
  return mediaContent(state, type, rule, body[type]);
}

function mediaContent(state: State, type: string, rule: (typeof mediaRules)[string], json: unknown): Content {
  const media = record(json) ?? {};
  const { caption, filename } = media;
  if (caption !== undefined && !rule.caption) throw invalid(`A ${type} has no caption.`);
  if (filename !== undefined && type !== 'document') throw invalid('Only a document has a filename.');
  checkLength('caption', caption, 1024);
  const text = typeof caption === 'string' ? { text: caption } : {};
  if (typeof media['link'] === 'string')
    return { ...text, attachments: [{ type, url: media['link'] }], template: false };
  const file = state.files.get(String(media['id']));
  if (!file || file.expiresAt < Date.now()) throw new CloudError(131009, 'Parameter value is not valid', 'Media id.');
  if (!rule.types.test(file.contentType) || file.bytes.length > rule.most)
    throw new CloudError(131053, 'Media upload error', `A ${type} cannot be of that type or size.`);
  const named = typeof filename === 'string' ? { ...file, name: filename } : file;
  return { ...text, attachments: [{ type: type === 'document' ? 'file' : type, file: named }], template: false };
}

function textOf(json: unknown): string {
  const text = record(json)?.['body'];
  if (typeof text !== 'string' || text.trim() === '')
    throw new CloudError(131008, 'Required parameter is missing', 'text');
  checkLength("text['body']", text, 4096);
  return text;
}

function checkLength(name: string, value: unknown, longest: number): void {
  if (value === undefined) return;
  if (typeof value !== 'string') throw invalid(`Param ${name} must be a string`);
  if ([...value].length > longest) throw invalid(`Param ${name} must be at most ${longest} characters long.`);
}

function interactiveText(json: unknown): string {
  const interactive = record(json) ?? {};
  const { type } = interactive;
  const action = record(interactive['action']) ?? {};
  const text = record(interactive['body'])?.['text'];
  if (typeof text !== 'string' || text === '') throw new CloudError(131008, 'Required parameter is missing', 'body');
  checkLength('interactive[body][text]', text, type === 'list' ? 4096 : 1024);
  checkHeader(interactive['header'], String(type));
  if (type === 'button') return [text, ...buttonTitles(action)].join('\n');
  if (type === 'list') return [text, ...rowTitles(action)].join('\n');
  if (type === 'cta_url') return [text, linkTitle(action)].join('\n');
  throw invalid('Param interactive[type] must be one of {BUTTON, LIST, CTA_URL}');
}

/** A list has a text at its head at most; buttons and links may have a picture. */
function checkHeader(json: unknown, type: string): void {
  if (json === undefined) return;
  const header = record(json) ?? {};
  if (header['type'] === 'text') {
    checkLength('interactive[header][text]', header['text'], 60);
    return;
  }
  const link = record(header['image'])?.['link'];
  if (type === 'list' || header['type'] !== 'image' || typeof link !== 'string' || !/^https?:\/\//.test(link))
    throw invalid('Param interactive[header] is not valid');
}

function buttonTitles(action: Json): string[] {
  const buttons = list(action['buttons']).map((button) => record(record(button)?.['reply']) ?? {});
  if (buttons.length < 1 || buttons.length > 3) throw invalid('There must be one to three buttons.');
  return checkedTitles(buttons, 20, 256);
}

function rowTitles(action: Json): string[] {
  checkLength('action[button]', action['button'], 20);
  if (typeof action['button'] !== 'string' || action['button'] === '') throw invalid('A list needs a button.');
  const rows = list(action['sections']).flatMap((section) => list(record(section)?.['rows']));
  if (rows.length < 1 || rows.length > 10) throw invalid('There must be one to ten rows.');
  return checkedTitles(
    rows.map((row) => record(row) ?? {}),
    24,
    200,
  );
}

function checkedTitles(all: Json[], longestTitle: number, longestId: number): string[] {
  for (const { id, title } of all) {
    if (typeof title !== 'string' || title === '' || typeof id !== 'string' || id === '')
      throw new CloudError(131008, 'Required parameter is missing', 'id and title');
    checkLength('title', title, longestTitle);
    checkLength('id', id, longestId);
  }
  for (const key of ['id', 'title'])
    if (new Set(all.map((each) => each[key])).size < all.length)
      throw new CloudError(131009, 'Parameter value is not valid', `Duplicated ${key}`);
  return all.map(({ title }) => `[${String(title)}]`);
}

function linkTitle(action: Json): string {
  const { display_text: title, url } = record(action['parameters']) ?? {};
  if (action['name'] !== 'cta_url' || typeof url !== 'string' || !/^https?:\/\//.test(url)) throw invalid('url');
  if (typeof title !== 'string' || title === '') throw invalid('display_text');
  checkLength('display_text', title, 20);
  return `[${title}] ${url}`;
}

const burst = { most: 45, withinMs: 6_000 };

/** One message in six seconds to one person, after a burst of 45. */
export function checkPace(customer: Customer): void {
  const now = Date.now();
  customer.sends = customer.sends.filter((at) => at > now - burst.withinMs);
  if (customer.sends.length >= burst.most)
    throw new CloudError(131056, '(Business Account, Consumer Account) pair rate limit hit', 'Too many messages.');
  customer.sends.push(now);
}

/** As if the burst had just gone out to this customer. */
export function overload(customer: Customer): void {
  customer.sends = Array.from({ length: burst.most }, () => Date.now());
}

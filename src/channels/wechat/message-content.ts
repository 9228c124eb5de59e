import { done, type Outcome } from '../../domain/outcome.ts';
import { splitText } from '../../domain/split-text.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Choice, OutgoingBody } from '../channel.ts';
import type { JsonRecord } from '../shared/json.ts';
import type { WeChatAccount } from './account.ts';
import { choiceIdLength, limits, linksHold } from './limits.ts';
import { type MediaKind, mediaKind, type OutgoingFile, uploadFile } from './upload.ts';

type Tap = Extract<Choice, { payload: string }>;

/**
 * A text, with a menu of what can be tapped under it. Links stand under the text; so do choices for which there is no menu
 * (too many, without an id of their own), with numbers.
 */
export function textContent({ text, choices = [] }: Extract<OutgoingBody, { type: 'text' }>): JsonRecord {
  const taps = choices.filter((choice) => 'payload' in choice);
  const links = choices.flatMap((choice) => ('url' in choice ? [`${choice.title}: ${choice.url}`] : []));
  const body = [text, ...links].join('\n');
  if (taps.length === 0) return plain(body);
  return canTap(taps)
    ? menu(body, taps)
    : plain([body, ...taps.map(({ title }, i) => `${i + 1}. ${title}`)].join('\n'));
}

const plain = (content: string): JsonRecord => ({ msgtype: 'text', text: { content: sendable(content) } });

const menu = (text: string, taps: readonly Tap[]): JsonRecord => ({
  msgtype: 'msgmenu',
  msgmenu: {
    head_content: sendable(text),
    list: taps.map(({ title, payload }) => ({ id: payload, content: sendable(cut(title)) })),
    tail_content: '',
  },
});

function canTap(taps: readonly Tap[]): boolean {
  const fits = ({ title, payload }: Tap) =>
    cut(title) !== '' && payload !== '' && payload.length <= choiceIdLength && sendable(payload) === payload;
  return (
    taps.length <= limits.choices.most &&
    taps.every(fits) &&
    new Set(taps.map((tap) => tap.payload)).size === taps.length
  );
}

/** No longer than that, and no word or emoji torn apart. */
const cut = (title: string): string => splitText(title.trim(), limits.choices.titleLength)[0]!.trim();

/** WeChat refuses JSON with \u escapes (40033), which is how control characters and halves of emoji would be written. */
export const sendable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  text.toWellFormed().replace(/[\0-\x08\x0b-\x1f]/g, '');

/** A picture, voice note or video is left with WeChat first, which nobody sees; anything else goes as a link. */
export async function fileContent(
  file: OutgoingFile,
  account: WeChatAccount,
  tools: Tools,
): Promise<Outcome<JsonRecord>> {
  if (file.bytes.length === 0) return empty;
  const kind = mediaKind(file);
  if (kind === undefined) return linkContent(file, tools);
  const uploaded = await uploadFile(kind, file, account, tools);
  // Some files WeChat looks into, and then has no form for: a voice note longer than a minute.
  if (uploaded.result === 'never' && tools.publish) return linkContent(file, tools);
  return uploaded.result === 'done' ? done(mediaContent(kind, uploaded.value, file)) : uploaded;
}

const mediaContent = (kind: MediaKind, id: string, { name }: OutgoingFile): JsonRecord => ({
  msgtype: kind,
  [kind]: { media_id: id, ...(kind === 'video' ? { title: sendable(name), description: '' } : {}) },
});

async function linkContent(file: OutgoingFile, { publish }: Tools): Promise<Outcome<JsonRecord>> {
  if (!publish) return notPublic;
  try {
    const { name, contentType, bytes } = file;
    return done(plain(`📎 ${name}\n${await publish({ name, contentType, bytes, forMs: linksHold })}`));
  } catch {
    // Nothing has been said yet, so that it can simply be tried again.
    return { result: 'later', why: 'The file could not be put where the customer is to fetch it.' };
  }
}

const empty = { result: 'never', why: 'The file is empty, and WeChat takes no empty files.', code: 'empty' } as const;
const notPublic = {
  result: 'never',
  why: 'WeChat shows only pictures (JPEG, PNG, GIF up to 10 MB), voice notes (AMR, MP3 up to 2 MB) and MP4 videos (up to 10 MB). Other files go as a link to this service, which does not know its own public address: the operator must set server.publicUrl.',
  code: 'no-public-url',
} as const;

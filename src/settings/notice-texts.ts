import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NoticeReader, NoticeTexts, RenderedNotice } from '../domain/notice-text.ts';
import { closest } from '../kit/closest.ts';
import { makeCompile } from '../kit/template.ts';
import type { Mistake, Read } from './mistake.ts';
import { type NoticeText, readNoticeText } from './notice-text-file.ts';
import { campaignTextVariables, orderTexts, orderTextVariables, sampleContext } from './notice-variables.ts';
import { readText } from './read-text.ts';

/** The texts that come along; those beside the configuration go before them, file by file. */
export const shippedTexts = fileURLToPath(new URL('../../config/notices', import.meta.url));

/** All texts with what `passerelle notices check` tells of them. */
export interface ReadNoticeTexts extends NoticeTexts {
  readonly files: readonly { file: string; name: string; language: string; channel?: string; text: NoticeText }[];
}

/** Reads the texts of both folders; tells everything that is wrong with them at once. `channels`: the kinds there are. */
export function readNoticeTexts(
  folder: string,
  channels: readonly string[],
  fallback: readonly string[],
): Read<ReadNoticeTexts> {
  const found = new Map<string, ReadNoticeTexts['files'][number]>();
  const mistakes: Mistake[] = [];
  for (const each of new Set([shippedTexts, folder])) {
    for (const [path, name, file] of filesIn(each)) {
      if (each === shippedTexts && isOfAnother(file, channels)) continue;
      const read = readOne(path, name, file, channels);
      if ('mistakes' in read) mistakes.push(...read.mistakes);
      else found.set(`${name}/${file}`, read);
    }
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, value: textsOf([...found.values()], fallback) };
}

/** Path, name of the text, and name of the file. A folder that is not there holds none. */
function filesIn(folder: string): [string, string, string][] {
  const list = (path: string) => {
    try {
      return readdirSync(path, { withFileTypes: true });
    } catch {
      return [];
    }
  };
  const named = list(folder).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return named.flatMap(({ name }) =>
    list(join(folder, name))
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(({ name: file }): [string, string, string] => [join(folder, name, file), name, file]),
  );
}

const fileName = /^(?<language>[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)(?:\.(?<channel>[a-z][a-z0-9-]*))?\.liquid$/;
const ofOrders = makeCompile(orderTextVariables, sampleContext());
const ofCampaigns = makeCompile(campaignTextVariables);

/** What comes along for a channel that is not there hurts nobody. */
const isOfAnother = (base: string, channels: readonly string[]): boolean => {
  const channel = fileName.exec(base)?.groups?.['channel'];
  return channel !== undefined && !channels.includes(channel);
};

function readOne(file: string, name: string, base: string, channels: readonly string[]) {
  const wrong = (problem: string, expected?: string) => ({
    mistakes: [{ ...{ file, line: 0, column: 0, path: '', problem }, ...(expected ? { expected } : {}) }],
  });
  const { language, channel } = fileName.exec(base)?.groups ?? {};
  if (!language) return wrong('not the name of a text', 'fr.liquid for every channel, or fr.KIND.liquid for one');
  if (channel && !channels.includes(channel))
    return wrong(`no channel is called ${channel}`, closest(channel, channels) ?? `one of ${channels.join(', ')}`);
  if (name.startsWith('order.') && !orderTexts.includes(name))
    return wrong(`nothing is called ${name}`, closest(name, orderTexts) ?? `one of ${orderTexts.join(', ')}`);
  const text = readText(file);
  if (!text || 'problem' in text) return wrong(text?.problem ?? 'is gone');
  const read = readOnce(file, text.text, name.startsWith('order.') ? ofOrders : ofCampaigns);
  return 'mistakes' in read ? read : { file, name, language, ...(channel ? { channel } : {}), text: read.text };
}

/** Those that come along are compiled once in a process, however often a configuration is read. */
const compiled = new Map<string, ReturnType<typeof readNoticeText>>();

function readOnce(file: string, text: string, compile: typeof ofOrders): ReturnType<typeof readNoticeText> {
  if (!file.startsWith(shippedTexts)) return readNoticeText(file, text, compile);
  const key = `${file}\n${text}`;
  const read = compiled.get(key) ?? readNoticeText(file, text, compile);
  compiled.set(key, read);
  return read;
}

function textsOf(files: ReadNoticeTexts['files'], fallback: readonly string[]): ReadNoticeTexts {
  const byKey = new Map(files.map((each) => [keyOf(each.name, each.language, each.channel), each]));
  return {
    files,
    names: [...new Set(files.map(({ name }) => name))].sort(),
    render: (name, reader, context) => rendered(byKey, files, name, reader, context, fallback),
  };
}

const keyOf = (name: string, language: string, channel: string | undefined): string =>
  `${name}/${language.toLowerCase()}/${channel ?? ''}`;

function rendered(
  byKey: ReadonlyMap<string, ReadNoticeTexts['files'][number]>,
  files: ReadNoticeTexts['files'],
  name: string,
  { channel, languages }: NoticeReader,
  context: object,
  fallback: readonly string[],
): RenderedNotice | undefined {
  const known = files.filter((each) => each.name === name).map(({ language }) => language);
  for (const language of [...languages, ...fallback, ...known].flatMap(fromNarrowToWide)) {
    const found = byKey.get(keyOf(name, language, channel)) ?? byKey.get(keyOf(name, language, undefined));
    if (found) return found.text.render(context, channel, found.language);
  }
  return undefined;
}

/** `pt_BR`: `pt-BR`, then `pt`. */
function fromNarrowToWide(language: string | undefined): string[] {
  if (!language) return [];
  const parts = language.replaceAll('_', '-').split('-');
  return parts.map((_, n) => parts.slice(0, parts.length - n).join('-'));
}

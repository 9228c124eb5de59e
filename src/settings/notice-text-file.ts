import { z } from 'zod';
import type { NoticeTemplate, RenderedNotice } from '../domain/notice-text.ts';
import type { Template } from '../kit/template.ts';
import { check } from './check.ts';
import type { Compile } from './mapping-text.ts';
import type { Mistake, Path } from './mistake.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

const line = z.string().min(1).max(1_000);

/** What stands above the words of a text, between two lines of `---`. */
export const frontMatter = z.strictObject({
  title: line.optional().describe('shown above the text'),
  picture: line.optional().describe('the address of a picture shown with it'),
  buttons: z
    .array(
      z
        .strictObject({
          title: line,
          url: line.optional().describe('what it opens; a button whose url is empty is left out'),
          contact: z.literal(true).optional().describe('instead: the customer asks for a person'),
        })
        .refine(
          ({ url, contact }) => (url === undefined) !== (contact === undefined),
          'has either url or contact: true',
        ),
    )
    .max(3)
    .default([])
    .describe('what can be tapped under it'),
  templates: z
    .record(
      z.string(),
      z.strictObject({
        name: line,
        language: line.describe('as the platform writes it: en, pt_BR'),
        category: z.enum(['utility', 'marketing']).default('utility'),
        parameters: z.union([z.record(z.string(), line), z.array(line)]).default([]),
        document: z.boolean().default(false).describe('the event’s file stands at its head'),
      }),
    )
    .default({})
    .describe('by kind of channel: the approved template that is sent where nothing else may be'),
  labels: z
    .strictObject({ subtotal: line, shipping: line, tax: line, total: line })
    .default({ subtotal: 'Subtotal', shipping: 'Shipping', tax: 'Tax', total: 'Total' })
    .describe('what the sums of a receipt are called'),
});

type FrontMatter = z.infer<typeof frontMatter>;

interface Place {
  line: number;
  column: number;
  path: string;
}

/** One file, compiled. */
export interface NoticeText {
  render(context: object, channel: string, language: string): RenderedNotice;
  /** The templates it names, by kind of channel. */
  templates: Readonly<Record<string, { name: string; language: string; parameters: number }>>;
}

/** Reads one file: front matter, then the words. Mistakes name the line of the file. */
export function readNoticeText(
  file: string,
  text: string,
  compile: Compile,
): { text: NoticeText } | { mistakes: Mistake[] } {
  const { head, body, bodyLine } = split(text);
  const mistakes: Mistake[] = [];
  const { source, mistakes: malformed } = parseYaml(file, head, {});
  const down = (mistake: Mistake): Mistake => ({ ...mistake, line: mistake.line > 0 ? mistake.line + 1 : 0 });
  mistakes.push(...malformed.map(down));
  if (source) source.value ??= {};
  const read = source && check(frontMatter, source);
  if (read && !read.ok) mistakes.push(...read.mistakes.map(down));
  const of = (words: string, at: Place): Template => {
    const made = compile(words);
    if (made.ok) return made.template;
    const inBody = at.path === '' ? { line: at.line + made.line - 1, column: made.column } : at;
    mistakes.push({
      ...{ file, ...at, ...inBody, problem: made.problem },
      ...(made.expected ? { expected: made.expected } : {}),
    });
    return () => '';
  };
  const words = of(body, { line: bodyLine, column: 1, path: '' });
  const front = source && read?.ok ? compiledFront(read.value, source, of, down) : undefined;
  return front && mistakes.length === 0 ? { text: noticeText(words, front) } : { mistakes };
}

/** The part between the first two lines of `---`, if the file begins so. */
function split(text: string): { head: string; body: string; bodyLine: number } {
  const [, head, body] = /^---\r?\n(.*?)^---[ \t]*(?:\r?\n|$)(.*)$/ms.exec(text) ?? [];
  if (head === undefined || body === undefined) return { head: '', body: text, bodyLine: 1 };
  return { head, body, bodyLine: text.slice(0, text.length - body.length).split('\n').length };
}

type Of = (words: string, at: Place) => Template;

interface CompiledFront extends Pick<FrontMatter, 'labels'> {
  title: Template;
  picture: Template;
  buttons: { title: Template; url: Template | undefined }[];
  templates: Record<
    string,
    Omit<NoticeTemplate, 'parameters' | 'names'> & { names?: string[]; parameters: Template[] }
  >;
}

function compiledFront(front: FrontMatter, source: YamlSource, of: Of, down: (m: Mistake) => Mistake): CompiledFront {
  const at = (words: string | undefined, path: Path): Template =>
    words === undefined ? () => '' : of(words, down(source.mistake(path, '')));
  const templates = Object.entries(front.templates).map(([kind, { parameters, ...rest }]) => {
    const places = Array.isArray(parameters) ? undefined : Object.keys(parameters);
    const filled = Object.entries(parameters).map(([key, words]) =>
      at(words, ['templates', kind, 'parameters', places ? key : Number(key)]),
    );
    return [kind, { ...rest, parameters: filled, ...(places ? { names: places } : {}) }] as const;
  });
  return {
    title: at(front.title, ['title']),
    picture: at(front.picture, ['picture']),
    buttons: front.buttons.map(({ title, url }, n) => ({
      title: at(title, ['buttons', n, 'title']),
      url: url === undefined ? undefined : at(url, ['buttons', n, 'url']),
    })),
    templates: Object.fromEntries(templates),
    labels: front.labels,
  };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** What a tap on “contact us” sends back. */
export const contactPayload = 'passerelle:contact';

function noticeText(words: Template, front: CompiledFront): NoticeText {
  return {
    templates: Object.fromEntries(
      Object.entries(front.templates).map(([kind, { name, language, parameters }]) => [
        kind,
        { name, language, parameters: parameters.length },
      ]),
    ),
    render: (given, channel, language) => {
      const context = { ...given, language };
      const picture = oneLine(front.picture(context));
      const template = front.templates[channel];
      return {
        language,
        title: oneLine(front.title(context)),
        text: words(context)
          .replace(/\n{3,}/g, '\n\n')
          .trim(),
        ...(/^https:\/\//.test(picture) ? { picture } : {}),
        choices: front.buttons.flatMap(({ title, url }) =>
          choiceOf(oneLine(title(context)), url && oneLine(url(context))),
        ),
        ...(template ? { template: filled(template, context) } : {}),
        labels: front.labels,
      };
    },
  };
}

function choiceOf(title: string, url: string | undefined): RenderedNotice['choices'] {
  if (title === '') return [];
  if (url === undefined) return [{ title, payload: contactPayload }];
  return /^https?:\/\//.test(url) ? [{ title, url }] : [];
}

/** Platforms refuse an empty parameter, and one with line breaks. */
const filled = ({ parameters, ...rest }: CompiledFront['templates'][string], context: object): NoticeTemplate => ({
  ...rest,
  parameters: parameters.map((each) => oneLine(each(context)) || '–'),
});

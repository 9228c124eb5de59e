// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it writes ${NAME}.
import { type Section, sections } from './accounts.ts';

/** An account of the example configuration, not commented out. */
interface Sample {
  section: Section;
  id: string;
  kind: string;
  lines: string[];
}

export interface FirstChoice {
  /** Begins every id: `acme` gives `acme-page`. */
  name: string;
  /** Kinds of the sections, in the order in which they are to stand. */
  channels: readonly string[];
  helpdesk: string | undefined;
  crm: string | undefined;
}

/** A variable that the configuration names, with the words beside it. */
export interface NamedVariable {
  name: string;
  help: string;
  /** Whether it may stay empty. */
  optional: boolean;
  /** Any text will do, so that one can be made up. */
  ownText: boolean;
}

const blockStart = /^ {2}(?:# )?- id: (\S+)/;

/** The kinds that the example has an account of, by section. */
export const sampleKinds = (example: string): Record<Section, string[]> => {
  const samples = sections.map((section) => [section, samplesOf(example, section).map(({ kind }) => kind)] as const);
  return Object.fromEntries(samples) as Record<Section, string[]>;
};

/** The example configuration with the chosen accounts alone, and their ids under the name of the company. */
export function firstConfiguration(example: string, choice: FirstChoice): string {
  const chosen: Record<Section, readonly string[]> = {
    channels: choice.channels,
    helpdesks: choice.helpdesk === undefined ? [] : [choice.helpdesk],
    crms: choice.crm === undefined ? [] : [choice.crm],
  };
  let text = example;
  for (const section of sections) text = withSection(text, section, chosen[section]);
  const dropped = { helpdesk: choice.helpdesk === undefined, crm: choice.crm === undefined };
  text = text
    .split('\n')
    .filter((line) => !(dropped.helpdesk && /^ {4}helpdesk: /.test(line)) && !(dropped.crm && /^ {4}crm: /.test(line)))
    .join('\n');
  return renamed(withReferences(text, example, choice), example, choice.name);
}

/** Lines from the section's key to the next thing that is not indented. */
function rangeOf(lines: readonly string[], section: Section): { start: number; end: number } {
  const start = lines.indexOf(`${section}:`);
  if (start < 0) throw new Error(`the example configuration has no ${section}`);
  const length = lines.slice(start + 1).findIndex((line) => line === '' || /^\S/.test(line));
  return { start, end: length < 0 ? lines.length : start + 1 + length };
}

function samplesOf(example: string, section: Section): Sample[] {
  const lines = example.split('\n');
  const { start, end } = rangeOf(lines, section);
  const samples: Sample[] = [];
  for (const line of lines.slice(start + 1, end)) {
    const id = blockStart.exec(line)?.[1];
    if (id !== undefined) samples.push({ section, id, kind: '', lines: [] });
    samples.at(-1)?.lines.push(line);
  }
  return samples.map(uncommented);
}

function uncommented(sample: Sample): Sample {
  const lines = sample.lines[0]!.startsWith('  # ')
    ? sample.lines.map((line) => line.replace(/^ {2}# ?/, '  '))
    : sample.lines;
  const kind = lines.map((line) => /^ {4}kind: (\S+)/.exec(line)?.[1]).find((found) => found !== undefined);
  return { ...sample, lines, kind: kind ?? '' };
}

function withSection(text: string, section: Section, kinds: readonly string[]): string {
  const samples = samplesOf(text, section);
  const lines = text.split('\n');
  const { start, end } = rangeOf(lines, section);
  const body = kinds.flatMap((kind) => samples.find((sample) => sample.kind === kind)!.lines);
  return [
    ...lines.slice(0, start),
    kinds.length > 0 ? `${section}:` : `${section}: []`,
    ...body,
    ...lines.slice(end),
  ].join('\n');
}

/** The example's channels name its first helpdesk and CRM; another that was chosen takes their place. */
function withReferences(text: string, example: string, { helpdesk, crm }: FirstChoice): string {
  const idOf = (section: Section, kind: string | undefined) =>
    samplesOf(example, section).find((sample) => sample.kind === kind)?.id;
  return text
    .replace(/^( {4}helpdesk: )\S+/gm, `$1${idOf('helpdesks', helpdesk) ?? ''}`)
    .replace(/^( {4}crm: )\S+/gm, `$1${idOf('crms', crm) ?? ''}`);
}

function renamed(text: string, example: string, name: string): string {
  const ids = sections.flatMap((section) => samplesOf(example, section).map(({ id }) => id));
  const longestFirst = [...new Set(ids)].sort((a, b) => b.length - a.length);
  return longestFirst.reduce(
    (so, id) => so.replace(new RegExp(`(?<![\\w.-])${id}(?![\\w-])`, 'g'), id.replace(/^[^-]+/, name)),
    text,
  );
}

/** The variables of a configuration that are not commented out, each once, in their order. */
export function variablesOf(configuration: string): NamedVariable[] {
  const found = new Map<string, NamedVariable>();
  for (const line of configuration.split('\n')) {
    if (/^\s*#/.test(line)) continue;
    const help = /\s# (.*)$/.exec(line)?.[1] ?? '';
    for (const [, name = '', byDefault] of line.matchAll(/\$\{(\w+)(:-[^}]*)?\}/g)) {
      const ownText = /\bany (?:text of your own|long random text)\b/.test(help);
      if (!found.has(name)) found.set(name, { name, help, optional: byDefault !== undefined, ownText });
    }
  }
  return [...found.values()];
}

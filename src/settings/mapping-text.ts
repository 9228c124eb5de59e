import { z } from 'zod';
import { type Compiled, makeCompile, type Template, type Variables } from '../kit/template.ts';

export { variables } from './mapping-variables.ts';

export type Compile = (text: string) => Compiled;
export type Issues = z.RefinementCtx;

/** Makes the schemas of texts and fields with Liquid in them, for one set of variables. */
export function liquidOver(known: Variables) {
  const compile = makeCompile(known);
  const text = z.string().transform((given, issues): Template => compiledText(compile, given, issues, []));
  const line = text.transform(
    (template): Template =>
      (context) =>
        oneLine(template(context)),
  );
  return {
    /** Rendered without blanks around it. */
    text: text.transform(
      (template): Template =>
        (context) =>
          template(context).trim(),
    ),
    line,
    tags: z.array(line).transform((templates) => (context: object) => tagsOf(templates, context)),
    /** The fields of `byDefault` hold unless they are named in the file. */
    compile,
    fields: (byDefault: Record<string, string> = {}) =>
      z
        .record(z.string(), z.unknown())
        .prefault({})
        .transform((given, issues) => fieldsRenderer(compile, { ...byDefault, ...given }, issues)),
  };
}

/** Compiles, or tells what is wrong and gives an empty text. */
export function compiledText(compile: Compile, text: string, issues: Issues, path: PropertyKey[]): Template {
  const compiled = compile(text);
  if (compiled.ok) return compiled.template;
  const { line, problem, expected } = compiled;
  const where = line > 1 ? `, in line ${line} of this text` : '';
  issues.addIssue({ code: 'custom', path, message: `${problem}${where}`, params: { expected } });
  return () => '';
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** Helpdesks take a blank as the end of a tag. */
function tagsOf(templates: readonly Template[], context: object): string[] {
  const tags = templates.map((template) => template(context).replaceAll(' ', '_'));
  return [...new Set(tags.filter((tag) => tag !== ''))];
}

/** Renders a field; undefined leaves it out. */
type FieldRenderer = (context: object) => unknown;

function fieldsRenderer(compile: Compile, fields: Record<string, unknown>, issues: Issues) {
  const renderers = Object.entries(fields).map(
    ([key, value]) => [key, renderer(compile, value, issues, [key])] as const,
  );
  return (context: object): Record<string, unknown> => Object.fromEntries(filled(renderers, context));
}

function renderer(compile: Compile, value: unknown, issues: Issues, path: PropertyKey[]): FieldRenderer {
  if (typeof value === 'string') return textField(compiledText(compile, value, issues, path));
  if (Array.isArray(value))
    return listField(value.map((item, index) => renderer(compile, item, issues, [...path, index])));
  if (typeof value !== 'object' || value === null) return () => value;
  const entries = Object.entries(value);
  return groupField(entries.map(([key, inner]) => [key, renderer(compile, inner, issues, [...path, key])] as const));
}

const textField =
  (template: Template): FieldRenderer =>
  (context) => {
    const text = template(context);
    return text.trim() === '' ? undefined : text;
  };

const listField =
  (items: readonly FieldRenderer[]): FieldRenderer =>
  (context) =>
    items.map((item) => item(context)).filter((item) => item !== undefined);

/** `{ id: 123, value: "{{ … }}" }` without a value would clear the field; it is left out whole. */
const groupField =
  (entries: readonly (readonly [string, FieldRenderer])[]): FieldRenderer =>
  (context) => {
    const rendered = filled(entries, context);
    return rendered.length === entries.length ? Object.fromEntries(rendered) : undefined;
  };

function filled(entries: readonly (readonly [string, FieldRenderer])[], context: object): [string, unknown][] {
  return entries
    .map(([key, render]): [string, unknown] => [key, render(context)])
    .filter(([, value]) => value !== undefined);
}

import { invalid } from './graph-error.ts';

/** The fields a call asks for, each with those asked of it: `id,messages.limit(5){from,message}`. */
export type Selection = Map<string, { fields: Selection; limit?: string }>;

/** Reads the Graph API's field expansion. Throws the API's own error where it cannot be read. */
export function selectionOf(text: string): Selection {
  const selection: Selection = new Map();
  for (const field of split(text)) {
    const [, name, limit, inner] = /^(\w+)(?:\.limit\((\d+)\))?(?:\{(.*)\})?$/.exec(field) ?? [];
    if (name === undefined) throw invalid(`Syntax error in the fields near ${field.slice(0, 20)}`);
    selection.set(name, {
      fields: inner === undefined ? new Map() : selectionOf(inner),
      ...(limit === undefined ? {} : { limit }),
    });
  }
  return selection;
}

/** At the commas that stand in no braces. */
function split(text: string): string[] {
  const pieces = [''];
  let depth = 0;
  for (const letter of text) {
    depth += letter === '{' ? 1 : letter === '}' ? -1 : 0;
    if (letter === ',' && depth === 0) pieces.push('');
    else pieces.push(`${pieces.pop()}${letter}`);
  }
  return pieces.map((piece) => piece.trim());
}

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: messages tell how ${NAME} is written.
import type { ErrorCode } from 'yaml';

/**
 * YAML's own messages quote the text, where secrets may stand, so these are ours. A code not listed here is told by its
 * general name.
 */
const problems: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'an alias (*name) that cannot be read',
  BAD_DQ_ESCAPE: 'an unknown escape (\\…) in a double-quoted text; single quotes take a backslash as it is',
  BAD_INDENT: 'indented differently from its neighbours, or a bracket is not closed',
  BAD_SCALAR_START: 'a text that begins with this character must stand in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second ": " on one line; put the value in quotes',
  BLOCK_IN_FLOW: 'a block inside { } or [ ]',
  DUPLICATE_KEY: 'this key is here twice',
  MISSING_CHAR: 'a quote or bracket before this is not closed',
  MULTILINE_IMPLICIT_KEY: 'a key over several lines, or a missing ":"',
  MULTIPLE_DOCS: 'a second document ("---"); only one is read',
  TAB_AS_INDENT: 'a tab as indentation; use spaces',
  TAG_RESOLVE_FAILED: 'an unknown tag (!…); put a text that begins with "!" in quotes',
  UNEXPECTED_TOKEN: 'something that does not belong here; is a quote or bracket missing?',
};

/** In plain words. `before` is the text up to where YAML stopped. */
export function yamlProblem(code: ErrorCode, before: string): string {
  if (before.endsWith('$')) return '${NAME} inside { } or [ ] must stand in quotes';
  return problems[code] ?? `not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
}

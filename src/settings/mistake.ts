/** One thing wrong with the configuration. Never holds a value: it may be a secret. */
export interface Mistake {
  /** The file's absolute path, or `environment` for a variable. */
  file: string;
  /** From 1; 0 where there is no line (no such file, an environment variable). */
  line: number;
  column: number;
  /** `channels[0].pageToken`; empty for the file as a whole; the name of a variable. */
  path: string;
  problem: string;
  /** What would be right, where it can be said. */
  expected?: string;
}

export type Path = readonly PropertyKey[];

/** Either what was read, or everything that is wrong with it. */
export type Read<Value> = { ok: true; value: Value } | { ok: false; mistakes: Mistake[] };

/** `channels[0].pageToken` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text ? `${text}.${String(key)}` : String(key);
  }, '');
}

/** `file:line:column path: problem (expected: …)`, as editors and terminals link it. */
export function describeMistake({ file, line, column, path, problem, expected }: Mistake): string {
  const place = line > 0 ? `${file}:${line}:${column}` : file;
  const what = path ? `${path}: ${problem}` : problem;
  return `${place} ${what}${expected ? ` (expected: ${expected})` : ''}`;
}

/** In the order of the file, one for each place and problem. */
export function inOrder(mistakes: readonly Mistake[]): Mistake[] {
  const different = new Map(mistakes.map((mistake) => [describeMistake(mistake), mistake]));
  return [...different.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}

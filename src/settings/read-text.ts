import { readFileSync } from 'node:fs';

/** A file's text; undefined when there is no such file. */
export function readText(file: string): { text: string } | { problem: string } | undefined {
  try {
    return { text: readFileSync(file, 'utf8') };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ENOENT' ? undefined : { problem: `cannot be read (${code})` };
  }
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

// **`path`**, perhaps with words behind it, perhaps a paragraph between, then its block of code.
const block = /^\*\*`(?<path>src\/[^`]+)`\*\*[^\n]*\n+```\w+\n(?<code>[\s\S]*?)^```$/gm;

/** The files that a page of the documentation shows in full, by their path. */
export function codeIn(page: string): Map<string, string> {
  const text = readFileSync(join(root, page), 'utf8');
  return new Map([...text.matchAll(block)].map(({ groups }) => [groups!['path']!, groups!['code']!]));
}

/**
 * Writes them into a new folder of the repository, so that npm packages are found, each under its path; imports of what the
 * page does not show lead to src. `remove` takes the folder away.
 */
export function writeCode(files: ReadonlyMap<string, string>): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(root, '.guide-'));
  for (const [path, code] of files) {
    const at = join(folder, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(
      at,
      code.replace(/(?<=\bfrom ')\.[^']+(?=')/g, (to) => rightPath(to, path, files, folder)),
    );
  }
  writeFileSync(join(folder, 'tsconfig.json'), '{ "extends": "../tsconfig.json", "include": ["**/*.ts"] }');
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function rightPath(to: string, from: string, files: ReadonlyMap<string, string>, folder: string): string {
  const meant = join(dirname(from), to);
  if (files.has(meant)) return to;
  const path = relative(dirname(resolve(folder, from)), join(root, meant));
  return path.startsWith('.') ? path : `./${path}`;
}

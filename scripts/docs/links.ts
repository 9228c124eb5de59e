import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

/** Links between the project's own pages that lead nowhere: to a file, or to a heading. */
export async function brokenLinks(root: string): Promise<string[]> {
  const broken: string[] = [];
  for (const file of await pagesOf(root)) {
    const text = await readFile(file, 'utf8');
    for (const target of targetsIn(text)) {
      if (!(await leadsSomewhere(file, target, text)))
        broken.push(`${relative(root, file)} links to ${target}: not there`);
    }
  }
  return broken;
}

async function pagesOf(root: string): Promise<string[]> {
  const top = (await readdir(root)).filter((name) => name.endsWith('.md')).map((name) => join(root, name));
  const below = await Promise.all(
    ['docs', 'src'].map(async (folder) => {
      const names = await readdir(join(root, folder), { recursive: true });
      return names.filter((name) => name.endsWith('.md')).map((name) => join(root, folder, name));
    }),
  );
  return [...top, ...below.flat()];
}

/** Relative targets of links and pictures. Code is no link. */
function targetsIn(text: string): string[] {
  const prose = text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(([, a, b]) => a ?? b ?? '');
  return targets.filter((target) => !/^[a-z]+:/i.test(target));
}

async function leadsSomewhere(file: string, target: string, text: string): Promise<boolean> {
  const [path = '', anchor] = target.split('#');
  const to = path === '' ? file : resolve(dirname(file), path);
  if (!existsSync(to)) return false;
  if (anchor === undefined || !to.endsWith('.md')) return true;
  return anchorsIn(to === file ? text : await readFile(to, 'utf8')).has(anchor);
}

/** As GitHub makes them of headings. */
function anchorsIn(text: string): Set<string> {
  const headings = [...text.replace(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} +(.+)$/gm)].map(([, title = '']) => title);
  return new Set(
    headings.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replace(/\s/g, '-'),
    ),
  );
}

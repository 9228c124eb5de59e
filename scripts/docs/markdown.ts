/** What every generated page begins with. */
export const heading = (title: string, about: string): string =>
  `# ${title}\n\n<!-- Drawn from the code by scripts/check-docs.ts; do not edit by hand. -->\n\n${about}`;

export const code = (text: string): string => `\`${text}\``;

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** Blocks with an empty line between them, and a line break at the end. */
export const page = (...blocks: readonly string[]): string => `${blocks.join('\n\n')}\n`;

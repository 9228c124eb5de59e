import { structuredPatch } from 'diff';

/** How far apart two texts are, as `diff -u` shows it: `-` gone, `+` new, three lines around each change. Empty when they are alike. */
export function textDiff(before: string, after: string, names: { before: string; after: string }): string {
  const { hunks } = structuredPatch(names.before, names.after, before, after, '', '', { context: 3 });
  if (hunks.length === 0) return '';
  const shown = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  return [`--- ${names.before}`, `+++ ${names.after}`, ...shown].join('\n');
}

import type { z } from 'zod';
import { accountKinds } from '../../src/main.ts';
import { settingsSchema } from '../../src/settings/schema.ts';
import { code, heading, page, table } from './markdown.ts';
import { type Field, fieldsOf } from './schema-fields.ts';
import { settingsHelp } from './settings-help.ts';

const about = `The file \`config/passerelle.yaml\`, or the one that \`PASSERELLE_CONFIG\` names. \`config/example.passerelle.yaml\` shows every key in its
place, with a comment. \`npx passerelle check-config\` tells every mistake at once, with its line.

- \`\${NAME}\` takes a value from the environment, \`\${NAME:-default}\` falls back on a default, \`\${NAME:-}\` allows nothing. Inside \`{ }\` and \`[ ]\`
  it must stand in quotes.
- Where the variable \`NAME_FILE\` is set instead of \`NAME\`, the value is what is in the file it names, without the line end it closes with: so secrets of
  Docker and Kubernetes (\`/run/secrets/…\`) never enter the environment. It holds for \`DATABASE_URL\` too. Both set, or no such file, is a mistake.
- File paths are relative to the file.
- A **secret** is never written to a log. Keep it in a variable or in a file.
- A **size** is \`5mb\`, \`512kb\` or a number of bytes; a **length of time** \`30s\`, \`15m\`, \`72h\`, \`7d\` or 0.
- The variables \`PORT\` and \`DATABASE_URL\` win over the file.`;

const sections = ['channels', 'helpdesks', 'crms'] as const;

/** docs/reference/settings.md */
export function settingsPage(): string {
  const own = fieldsOf(settingsSchema).filter(({ path }) => !sections.some((section) => path.startsWith(section)));
  const groups = [...Map.groupBy(own, ({ path }) => path.split('.')[0] ?? path)];
  const kinds = accountKinds();
  return page(
    heading('Settings', about),
    ...groups.map(([name, fields]) => `## ${code(name)}\n\n${fieldsTable(fields)}`),
    ...sections.flatMap((section) =>
      Object.entries(kinds[section]).map(([kind, schema]) => accountTable(section, kind, schema)),
    ),
  );
}

const accountTable = (section: string, kind: string, schema: z.ZodType): string =>
  `## ${code(section)}, kind ${code(kind)}\n\n${fieldsTable(fieldsOf(schema))}`;

const fieldsTable = (fields: readonly Field[]): string =>
  table(
    ['key', 'what', 'type', 'default'],
    fields.map((field) => [code(field.path), helpFor(field), field.type, field.byDefault]),
  );

function helpFor({ path, help }: Field): string {
  const text = settingsHelp[path] ?? help;
  if (!text) throw new Error(`The setting ${path} is explained nowhere: give its schema a .describe().`);
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!)]$/.test(text) ? '' : '.');
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import type { Product } from './product.ts';

/** Every table of the whole database that holds one of the words in any column, raw bytes included, as `table: word`. */
export async function tablesWith({ db }: Pick<Product, 'db'>, words: readonly string[]): Promise<string[]> {
  const { rows: tables } = await sql<{ name: string }>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema in ('public', 'pgboss') and table_type = 'BASE TABLE'`.execute(db);
  const found: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql<{ row: string }>`select t::text as row from ${sql.raw(name)} t`.execute(db);
    const all = rows
      .map(({ row }) => `${row} ${bytesIn(row)}`)
      .join('\n')
      .toLowerCase();
    found.push(...words.filter((word) => all.includes(word.toLowerCase())).map((word) => `${name}: ${word}`));
  }
  return found;
}

/** Bytes are shown in hex. */
const bytesIn = (row: string): string =>
  [...row.matchAll(/\\x([0-9a-f]+)/g)].map(([, hex]) => Buffer.from(hex!, 'hex').toString('utf8')).join(' ');

export async function vaultWith({ folder }: Pick<Product, 'folder'>, words: readonly string[]): Promise<string[]> {
  const all = await readdir(join(folder, 'media'), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = await Promise.all(
    all.filter((each) => each.isFile()).map((each) => readFile(join(each.parentPath, each.name), 'utf8')),
  );
  return words.filter((word) => files.some((file) => file.includes(word)));
}

/** What agents and sales people could still find. */
export function placesWith({ zendesk, salesforce }: Pick<Product, 'zendesk' | 'salesforce'>, words: readonly string[]) {
  const places = {
    tickets: zendesk.tickets(),
    users: zendesk.users(),
    tasks: salesforce.records('Task'),
    contacts: salesforce.records('Contact'),
  };
  return Object.entries(places).flatMap(([place, rows]) => {
    const all = JSON.stringify(rows).toLowerCase();
    return words.filter((word) => all.includes(word.toLowerCase())).map((word) => `${place}: ${word}`);
  });
}

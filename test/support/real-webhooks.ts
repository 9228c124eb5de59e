import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../fixtures/webhooks', import.meta.url));

export interface RealWebhook {
  kind: string;
  /** Whose sample it is. */
  from: string;
  body: Buffer;
}

/** Every body that is kept, by the kind of channel it is for; see the README beside them. */
export const realWebhooks: readonly RealWebhook[] = readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .flatMap((name) => {
    const kind = name.slice(0, -'.jsonl'.length);
    const lines = readFileSync(join(folder, name), 'utf8').trim().split('\n');
    return lines.map((line) => {
      const { from, body } = JSON.parse(line) as { from: string; body: unknown };
      return { kind, from, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
    });
  });

type Json = Record<string, unknown>;
const listIn = (json: unknown, key: string): Json[] => {
  const list = (json as Json | null)?.[key];
  return Array.isArray(list) ? (list as Json[]) : [];
};

/** How many things a body tells of, counted on the wire and not by the code that reads it. */
export const itemsIn: Readonly<Record<string, (body: Buffer) => number>> = {
  messenger: inEntries,
  instagram: inEntries,
  whatsapp: (body) =>
    sum(listIn(JSON.parse(body.toString()), 'entry'), (entry) => sum(listIn(entry, 'changes'), inChange)),
  line: (body) => listIn(JSON.parse(body.toString()), 'events').length,
  // What was agreed to of several notices comes in one list.
  wechat: (body) => Math.max(1, body.toString().split('<List>').length - 1),
  sms: () => 1,
};

const sum = (list: readonly Json[], of: (each: Json) => number): number =>
  list.reduce((all, each) => all + of(each), 0);

function inEntries(body: Buffer): number {
  const lists = ['messaging', 'standby', 'changes'];
  return sum(listIn(JSON.parse(body.toString()), 'entry'), (entry) =>
    lists.reduce((all, list) => all + listIn(entry, list).length, 0),
  );
}

/** News of the account are one thing; messages and statuses are counted one by one. */
function inChange({ value }: Json): number {
  const lists = ['messages', 'statuses', 'message_echoes', 'errors', 'calls', 'user_preferences', 'groups'];
  return Math.max(
    1,
    lists.reduce((all, list) => all + listIn(value, list).length, 0),
  );
}

import { z } from 'zod';
import { minutes, seconds } from '../../domain/duration.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { PlacedAt, Placement } from '../../domain/routing.ts';
import type { Clock } from '../../kit/clock.ts';
import { type Connection, query, readAs } from '../../salesforce/connection.ts';
import { troubleOf } from '../../salesforce/outcome.ts';
import { soqlText } from '../../salesforce/soql.ts';
import type { DeskShape, Placed } from '../helpdesk.ts';

/** Finds what a mapping's routing names in an org: groups are its queues, agents its users, the rest values of Case. */
export interface Placer {
  place(placement: Placement): Promise<Outcome<Placed>>;
  describe(): Promise<Outcome<DeskShape>>;
  /** Asks anew the next time. */
  forget(): void;
}

/** How long what was found holds, and how long it is not asked for again because a name was not in it. */
const holds = minutes(5);
const soonest = seconds(20);

export function makePlacer(connection: Connection, clock: Clock): Placer {
  const queues = remembered(clock, () => caseQueues(connection));
  const values = remembered(clock, () => caseValues(connection));
  const finders: Record<keyof Placement, (name: string) => Promise<Outcome<string | undefined>>> = {
    group: (name) => sought(queues, (all) => all.find((queue) => isCalled(queue, name))?.Id),
    assignee: (name) => agentCalled(connection, name),
    priority: (word) => sought(values, (all) => valueFor('Priority', word, all)),
    type: (word) => sought(values, (all) => valueFor('Type', word, all)),
    brand: async () => done(undefined),
    form: async () => done(undefined),
  };
  const place = async (wished: Placement): Promise<Outcome<Placed>> => {
    const placed: Placed = { placement: {}, missing: [] };
    for (const [kind, name] of Object.entries(wished) as [keyof Placement, string | undefined][]) {
      if (name === undefined) continue;
      const found = await finders[kind](name);
      if (found.result !== 'done') return found;
      if (found.value === undefined) placed.missing.push(`${titles[kind]} “${name}”`);
      else placed.placement[kind] = found.value;
    }
    return done(placed);
  };
  return {
    place,
    describe: async () => {
      const found = await queues.get(0);
      if (found.result !== 'done') return found;
      const groups = found.value.map(({ Name }) => Name);
      return done({ groups, brands: [], forms: [], ticketFields: [], personFields: [] });
    },
    forget: () => {
      queues.forget();
      values.forget();
    },
  };
}

/** What agents read there is none of. Brands and forms Salesforce has not. */
const titles: Record<keyof Placement, string> = {
  group: 'queue for Cases',
  assignee: 'single active user',
  priority: 'value of Case.Priority for',
  type: 'value of Case.Type for',
  brand: 'brand',
  form: 'form',
};

/** The owner is the agent where one is named, else the queue. */
export const placementFields = ({ group, assignee, priority, type }: PlacedAt): Record<string, unknown> => {
  const owner = assignee ?? group;
  return { ...(owner && { OwnerId: owner }), ...(priority && { Priority: priority }), ...(type && { Type: type }) };
};

interface Remembered<Value> {
  /** As it was told at most so many milliseconds ago. */
  get(youngerThan: number): Promise<Outcome<Value>>;
  forget(): void;
}

function remembered<Value>(clock: Clock, ask: () => Promise<Outcome<Value>>): Remembered<Value> {
  let kept: { found: Outcome<Value>; at: number } | undefined;
  return {
    get: async (youngerThan) => {
      const now = clock.now().getTime();
      if (kept && now - kept.at < youngerThan) return kept.found;
      const found = await ask();
      kept = found.result === 'done' ? { found, at: now } : undefined;
      return found;
    },
    forget: () => {
      kept = undefined;
    },
  };
}

/** Looks at what is remembered, and anew if it is not in it. */
async function sought<Value, Found>(
  in_: Remembered<Value>,
  find: (value: Value) => Found | undefined,
): Promise<Outcome<Found | undefined>> {
  const known = await in_.get(holds);
  if (known.result !== 'done') return known;
  const found = find(known.value);
  if (found !== undefined) return done(found);
  const anew = await in_.get(soonest);
  return anew.result === 'done' ? done(find(anew.value)) : anew;
}

const queueRow = z.object({ Id: z.string(), Name: z.string(), DeveloperName: z.string().nullish() });
type Queue = z.infer<typeof queueRow>;

/** Queues that take Cases (object reference, QueueSobject). */
async function caseQueues(connection: Connection): Promise<Outcome<Queue[]>> {
  const forCases = await query(
    connection,
    "SELECT QueueId FROM QueueSobject WHERE SobjectType = 'Case'",
    z.object({ QueueId: z.string() }),
  );
  if (forCases.result !== 'done') return forCases;
  const all = await query(connection, "SELECT Id, Name, DeveloperName FROM Group WHERE Type = 'Queue'", queueRow);
  if (all.result !== 'done') return all;
  const ids = new Set(forCases.value.map(({ QueueId }) => QueueId));
  return done(all.value.filter(({ Id }) => ids.has(Id)));
}

const same = (a: string | null | undefined, b: string): boolean => a?.trim().toLowerCase() === b.trim().toLowerCase();

const isCalled = ({ Id, Name, DeveloperName }: Queue, name: string): boolean =>
  Id === name.trim() || same(Name, name) || same(DeveloperName, name);

const userRow = z.object({ Id: z.string(), Username: z.string() });

/** By user name, which is unique, else by e-mail, which need not be: two of one address are nobody. */
async function agentCalled(connection: Connection, name: string): Promise<Outcome<string | undefined>> {
  const named = soqlText(name.trim());
  if (named === undefined) return done(undefined);
  const soql =
    `SELECT Id, Username FROM User WHERE (Username = ${named} OR Email = ${named}) ` +
    "AND IsActive = true AND UserType = 'Standard' LIMIT 20";
  const users = await query(connection, soql, userRow);
  if (users.result !== 'done') return users;
  const exact = users.value.find(({ Username }) => same(Username, name));
  return done((exact ?? (users.value.length === 1 ? users.value[0] : undefined))?.Id);
}

/** The values of a picklist by the field’s name, as far as the user may see it. */
type Values = ReadonlyMap<string, string[]>;

const description = z.object({
  fields: z.array(
    z.object({
      name: z.string(),
      picklistValues: z.array(z.object({ active: z.boolean(), value: z.string() })).nullish(),
    }),
  ),
});

async function caseValues(connection: Connection): Promise<Outcome<Values>> {
  const reply = await connection.ask({ method: 'GET', path: '/sobjects/Case/describe' });
  const read = reply.result === 'done' ? readAs(description, reply.value) : troubleOf(reply, true);
  if (read.result !== 'done') return read;
  return done(
    new Map(
      read.value.fields.map(({ name, picklistValues }) => [
        name,
        (picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value),
      ]),
    ),
  );
}

/** What the mapping's words are called in a new org, and where an administrator added values, the nearest first. */
const wordings: Record<'Priority' | 'Type', Record<string, readonly string[]>> = {
  Priority: { low: ['Low'], normal: ['Normal', 'Medium'], high: ['High'], urgent: ['Urgent', 'Critical', 'High'] },
  Type: { question: ['Question'], incident: ['Incident'], problem: ['Problem'], task: ['Task'] },
};

const valueFor = (field: 'Priority' | 'Type', word: string, all: Values): string | undefined =>
  wordings[field][word]?.flatMap((each) => all.get(field)?.find((value) => same(value, each)) ?? [])[0];

import type { Placement } from '../domain/routing.ts';
import type { DeskField, DeskShape, HelpdeskSession } from '../helpdesks/helpdesk.ts';
import { entriesAt, isFixed, type LiveCheck, nearest, valueAt } from './live-check.ts';

interface Desk {
  id: string;
  session: HelpdeskSession;
  shape: DeskShape;
}

/** What rules, ticket fields and user fields name, against every helpdesk that tells what it has. One that knows it is enough. */
export async function checkAtHelpdesks(check: LiveCheck): Promise<void> {
  const desks: Desk[] = [];
  for (const { id, session } of check.helpdesks.values()) {
    const shape = await session.describe?.();
    if (shape?.result === 'done') desks.push({ id, session, shape: shape.value });
    else if (shape) check.unchecked(id, shape.why);
  }
  if (desks.length === 0) return;
  for (const rule of (valueAt(check.read.value, ['routing']) as unknown[] | undefined)?.keys() ?? [])
    await checkRule(check, desks, ['routing', rule, 'set']);
  checkTicketFields(check, desks, ['tickets', 'fields', 'custom_fields']);
  checkPersonFields(check, desks);
}

const named = { group: 'groups', brand: 'brands', form: 'forms' } as const;

async function checkRule(check: LiveCheck, desks: readonly Desk[], path: PropertyKey[]): Promise<void> {
  for (const [kind, list] of Object.entries(named)) {
    const name = valueAt(check.read.value, [...path, kind]);
    const known = desks.flatMap(({ shape }) => shape[list]);
    const there = typeof name !== 'string' || /^\d+$/.test(name) || known.some((each) => same(each, name));
    const meant = known.length > 0 ? nearest(String(name), known) : undefined;
    if (!there) check.wrong([...path, kind], `there is no such ${kind}`, meant);
  }
  for (const [kind, problem] of Object.entries(lookedUp)) {
    const name = valueAt(check.read.value, [...path, kind]);
    if (typeof name === 'string') await checkPlaced(check, desks, [...path, kind], { [kind]: name }, problem);
  }
  checkTicketFields(check, desks, [...path, 'fields', 'custom_fields']);
}

/** What cannot be listed is looked up, as it will be for a ticket. */
const lookedUp = {
  assignee: 'there is no agent of this e-mail address',
  priority: 'no helpdesk has this priority',
  type: 'no helpdesk has this type',
} as const;

async function checkPlaced(
  check: LiveCheck,
  desks: readonly Desk[],
  path: PropertyKey[],
  wished: Placement,
  problem: string,
): Promise<void> {
  for (const { id, session } of desks) {
    const placed = await session.place?.(wished);
    if (placed && placed.result !== 'done') return check.unchecked(id, placed.why);
    if (!placed || placed.value.missing.length === 0) return;
  }
  check.wrong(path, problem);
}

function checkTicketFields(check: LiveCheck, desks: readonly Desk[], path: PropertyKey[]): void {
  const known = desks.flatMap(({ shape }) => shape.ticketFields);
  for (const [at, , given] of entriesAt(check.read.value, path)) {
    const { id, value } = Object(given) as { id?: unknown; value?: unknown };
    const field = known.find((each) => each.id === String(id));
    if (!field) check.wrong([...at, 'id'], 'there is no ticket field of this number');
    else checkValue(check, field, [...at, 'value'], value);
  }
}

function checkPersonFields(check: LiveCheck, desks: readonly Desk[]): void {
  const known = desks.flatMap(({ shape }) => shape.personFields);
  for (const [path, key, value] of entriesAt(check.read.value, ['requester', 'fields'])) {
    const field = known.find(({ id }) => id === key);
    if (field) checkValue(check, field, path, value);
    else
      check.wrong(
        path,
        'there is no user field of this key',
        nearest(
          key,
          known.map(({ id }) => id),
        ),
      );
  }
}

const numbers = new Set(['integer', 'decimal']);

function checkValue(check: LiveCheck, { type, title, options }: DeskField, path: PropertyKey[], value: unknown): void {
  if (!isFixed(value)) return;
  const wrong = (expected: string) => check.wrong(path, `not a value of the field “${title}”`, expected);
  if (options && !options.includes(String(value))) wrong(nearest(String(value), options));
  else if (type === 'checkbox' && typeof value !== 'boolean') wrong('true or false');
  else if (numbers.has(type) && Number.isNaN(Number(value))) wrong('a number');
  else if (type === 'date' && !/^\d{4}-\d{2}-\d{2}$/.test(String(value))) wrong('a date such as 2026-01-31');
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

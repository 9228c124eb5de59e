import { inspect } from 'node:util';
import type { Fact } from './fact.ts';
import type { Played } from './play-scene.ts';

/** The day as a table: scene, seconds, what each side saw. */
export function table(played: readonly Played[]): string {
  const head = ['', 'scene', 'seconds', 'phone', 'Zendesk', 'Salesforce'];
  const rows = [head, ...played.map(row)];
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) => cells.map((cell, column) => padded(cell, widths[column]!, column)).join('  '));
  return [lines[0], '-'.repeat(lines[0]!.length), ...lines.slice(1)].map((line) => line!.trimEnd()).join('\n');
}

const seconds = 2;
const padded = (cell: string, width: number, column: number) =>
  column === seconds ? cell.padStart(width) : cell.padEnd(width);

function row({ scene, stage, seconds, wrong }: Played): string[] {
  return [wrong.length === 0 ? 'ok' : '✗', scene.name, seconds.toFixed(1), ...sides(stage)];
}

/** What the phone, Zendesk and Salesforce hold of a scene's customer. */
function sides({ customer }: Played['stage']): [string, string, string] {
  const { bubbles } = customer.thread();
  const written = bubbles.filter((bubble) => bubble.from === 'customer').length;
  const tickets = customer.tickets();
  const comments = tickets.flatMap((ticket) => ticket.comments);
  const notes = customer.notes().length;
  return [
    `${written} out, ${bubbles.length - written} in`,
    `${count(tickets.length, 'ticket')}, ${count(comments.length - notes, 'comment')}${notes ? `, ${count(notes, 'note')}` : ''}`,
    `${count(customer.contacts().length, 'contact')}, ${count(customer.tasks().length, 'task')}`,
  ];
}

const count = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? '' : 's'}`;

/** What was expected and what was found, for each fact that does not hold. */
export function differences(name: string, wrong: readonly Fact[]): string {
  const lines = wrong.map(
    ({ what, actual, expected }) => `    ${what}\n      expected ${show(expected)}\n      found    ${show(actual)}`,
  );
  return [`✗ ${name}`, ...lines].join('\n');
}

function show(value: unknown): string {
  const text = inspect(value, { depth: 5, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 400 });
  return text.length > 900 ? `${text.slice(0, 900)}…` : text;
}

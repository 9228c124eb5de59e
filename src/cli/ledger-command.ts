import type { Command } from 'commander';
import type { Operations } from '../flows/operations.ts';
import { parseDuration } from '../kit/units.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** What the commands that work on the ledger share. */
export interface LedgerCommands {
  terminal: Terminal;
  /** Who is at the command line, for the audit. */
  who: string;
  now(): Date;
  /** Opens the ledger, does the work, closes it; the work's exit code becomes the command's. */
  onLedger(work: (operations: Operations) => Promise<ExitCode>): Promise<void>;
}

/** A mistake in a command's arguments: printed, exit code 2. */
export class WrongUsage extends Error {}

/** `2026-01-31T09:00Z`, or a length of time ago: `2h`, `7d`. */
export function timeOf(text: string, now: Date): Date {
  const ago = parseDuration(text);
  const time = ago === undefined ? new Date(text) : new Date(now.getTime() - ago);
  if (Number.isNaN(time.getTime()))
    throw new WrongUsage(`${text} is no time: write 2026-01-31T09:00Z, or how long ago: 2h, 7d.`);
  return time;
}

export function wholeNumber(text: string, name: string, most = 1e15): number {
  if (!/^\d{1,15}$/.test(text) || Number(text) > most || Number(text) === 0)
    throw new WrongUsage(`${name} must be a whole number${most < 1e15 ? ` up to ${most}` : ''}; this is ${text}.`);
  return Number(text);
}

/** `42 s`, `7 min`, `3 h`, `12 d`: how long since. */
export function age(since: Date, now: Date): string {
  const seconds = Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`;
}

export const examples = (command: Command, ...lines: string[]): Command =>
  command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  passerelle ${line}`).join('\n')}`);

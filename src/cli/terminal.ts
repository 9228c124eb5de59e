import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';

/** What a command speaks to. Lines come without a line break. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** The bytes of a file, or of standard input for `-`; rejects when it cannot be read. */
  read(file: string): Promise<Buffer>;
  /** A person sits there, who can be asked to think again. */
  interactive?: boolean;
  /** Asks, and gives the next line; undefined when there are no more. */
  ask?(question: string): Promise<string | undefined>;
}

export const processTerminal: Terminal = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  read: async (file) => (file === '-' ? buffer(process.stdin) : readFile(file)),
  interactive: process.stdin.isTTY === true,
  ask: makeAsk(),
};

/** Reads standard input only once something is asked: other commands read it whole. */
function makeAsk(): NonNullable<Terminal['ask']> {
  let lines: AsyncIterator<string> | undefined;
  return async (question) => {
    process.stderr.write(question);
    lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    return done ? undefined : value;
  };
}

/** Who is at the command line, for the audit. In a container the user may have no name. */
export function atTheTerminal(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    return `cli:uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** How a command ended: as asked; asked well but with a bad answer; not asked well. */
export const exitCodes = { fine: 0, bad: 1, usage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Text from outside, made harmless for a terminal: no control or direction-changing characters. */
export const printable = (text: string): string =>
  text.replace(/[\n\r\t]+/g, ' ').replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '');

/** Rows in columns as wide as their widest cell; the last column is left as it is. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

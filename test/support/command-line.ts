import { readFile } from 'node:fs/promises';
import { runProgram } from '../../src/cli/program.ts';
import { programDeps } from '../../src/main.ts';

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** The command line as the program runs it, in this process, on a configuration and, if given, a database. */
export async function commandLine(
  file: string,
  databaseUrl: string | undefined,
  args: readonly string[],
  interactive = false,
): Promise<Ended> {
  const ended: Ended = { code: null, out: '', err: '' };
  const terminal = {
    out: (line: string) => {
      ended.out += `${line}\n`;
    },
    err: (line: string) => {
      ended.err += `${line}\n`;
    },
    read: (file: string) => readFile(file),
    interactive,
  };
  const env = { PASSERELLE_CONFIG: file, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) };
  ended.code = await runProgram(args, programDeps(terminal, env));
  return ended;
}

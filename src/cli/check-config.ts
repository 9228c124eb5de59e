import type { Configuration } from '../settings/configuration.ts';
import { describeMistake, type Mistake } from '../settings/mistake.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

/** Prints every mistake of the settings and the mapping, or that there is none. */
export function checkConfig(configuration: Configuration, json: boolean, terminal: Terminal): ExitCode {
  if (!configuration.ok) {
    printMistakes(configuration.mistakes, json, terminal);
    return exitCodes.bad;
  }
  const { file, channels, helpdesks, crms } = configuration.settings;
  if (!json)
    terminal.out(
      `${file}: ok (${countOf(channels, 'channel')}, ${countOf(helpdesks, 'helpdesk')}, ${countOf(crms, 'CRM')})`,
    );
  return exitCodes.fine;
}

/** As JSON on standard output, one a line; as text on standard error. */
export function printMistakes(mistakes: readonly Mistake[], json: boolean, terminal: Terminal): void {
  for (const mistake of mistakes) {
    if (json) terminal.out(JSON.stringify(mistake));
    else terminal.err(describeMistake(mistake));
  }
  if (!json) terminal.err(`${countOf(mistakes, 'mistake')} in the configuration.`);
}

const countOf = (things: readonly unknown[], name: string): string =>
  `${things.length} ${name}${things.length === 1 ? '' : 's'}`;

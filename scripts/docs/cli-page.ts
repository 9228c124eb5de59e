import type { Command } from 'commander';
import { makeProgram } from '../../src/cli/program.ts';
import { programDeps } from '../../src/main.ts';
import { heading, page } from './markdown.ts';

const about = `What \`npx passerelle {command} --help\` prints. Exit codes: 0 all is well, 1 something is wrong with what was looked at, 2 wrong usage. What
\`parked\`, \`replay\`, \`keys\` and \`audit\` are good for: the [operator's guide](../guides/operator.md#what-is-parked) and the [API guide](../guides/api.md).`;

/** docs/reference/cli.md */
export function cliPage(): string {
  const terminal = { out: () => undefined, err: () => undefined, read: () => Promise.reject(new Error('no files')) };
  const program = makeProgram(programDeps(terminal, {}), () => undefined);
  return page(heading('The command line', about), ...leavesOf(program).map(section));
}

/** Commands that do something; the help of a mere group says no more than its commands'. */
const leavesOf = (command: Command): Command[] => [
  ...(command.commands.length === 0 || command.registeredArguments.length > 0 ? [command] : []),
  ...command.commands.flatMap(leavesOf),
];

const section = (command: Command): string => `## ${nameOf(command)}\n\n\`\`\`\n${helpOf(command)}\n\`\`\``;

const nameOf = (command: Command): string =>
  command.parent?.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

function helpOf(command: Command): string {
  let text = '';
  const writeOut = (piece: string) => {
    text += piece;
  };
  command.configureOutput({ writeOut, getOutHelpWidth: () => 120, getOutHasColors: () => false }).outputHelp();
  return text.trim();
}

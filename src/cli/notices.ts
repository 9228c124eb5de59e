import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { RenderedNotice } from '../domain/notice-text.ts';
import type { Order } from '../domain/order.ts';
import { checkNoticeTemplates } from '../flows/check-notice-templates.ts';
import { type PreviewWish, previewNotice } from '../flows/preview-notice.ts';
import type { Configuration } from '../settings/configuration.ts';
import type { ReadNoticeTexts } from '../settings/notice-texts.ts';
import { sampleContext } from '../settings/notice-variables.ts';
import type { ChannelAccounts } from './channel-accounts.ts';
import { printMistakes } from './check-config.ts';
import { examples } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal, table } from './terminal.ts';

interface NoticeCommands {
  terminal: Terminal;
  readConfiguration(file?: string): Configuration;
  openChannels(configuration: Extract<Configuration, { ok: true }>): ChannelAccounts;
  ended(code: ExitCode): void;
  /** By kind. */
  channels: Readonly<Record<string, unknown>>;
}

interface PreviewOptions {
  channel: string;
  language: string;
  order?: string;
  json?: boolean;
}

/** The texts of notices: what they would say, and whether they are right. */
export function addNotices(program: Command, deps: NoticeCommands): void {
  // An example must name some channel.
  const kind = Object.keys(deps.channels).at(-1) ?? 'kind';
  const notices = program.command('notices').description('look at the texts that tell customers of their orders');
  const preview = notices
    .command('preview')
    .description('print what a notice would say; sends nothing')
    .argument('<event>', 'the name of its texts: order.shipped')
    .addOption(
      new Option('--channel <kind>', 'the kind of channel it goes through')
        .choices(Object.keys(deps.channels))
        .makeOptionMandatory(),
    )
    .option('--language <language>', 'the customer’s: fr, pt-BR', 'en')
    .option('--order <file>', 'an order as the API takes it (JSON); without it, a made-up one')
    .option('--json', 'as one JSON object')
    .action((event: string, options: PreviewOptions) =>
      deps.ended(withTexts(deps, (texts) => previewed(texts, event, options, deps.terminal))),
    );
  examples(
    preview,
    `notices preview order.shipped --channel ${kind} --language fr`,
    `notices preview order.receipt --channel ${kind} --order order.json`,
  );
  const check = notices
    .command('check')
    .description(
      'list the texts and tell what is wrong with them; with --accounts also which approved templates are missing',
    )
    .option('--accounts', 'ask the platforms for the templates that the texts name')
    .action(async ({ accounts = false }: { accounts?: boolean }) => deps.ended(await checked(deps, accounts)));
  examples(check, 'notices check', 'notices check --accounts');
}

function withTexts(deps: NoticeCommands, work: (texts: ReadNoticeTexts) => ExitCode): ExitCode {
  const read = deps.readConfiguration();
  if (read.ok) return work(read.settings.noticeTexts);
  printMistakes(read.mistakes, false, deps.terminal);
  return exitCodes.bad;
}

function previewed(
  texts: ReadNoticeTexts,
  event: string,
  { channel, language, order: file, json = false }: PreviewOptions,
  { out, err }: Terminal,
): ExitCode {
  const given = file === undefined ? {} : orderIn(file);
  if ('problem' in given) {
    err(`${printable(file!)}: ${given.problem}`);
    return exitCodes.usage;
  }
  const said = previewNotice({ texts, sample: sampleContext }, { name: event, channel, language, ...given });
  if (!said) {
    err(`There is no text called ${printable(event)}. Texts: ${texts.names.join(', ')}.`);
    return exitCodes.usage;
  }
  for (const line of json ? [JSON.stringify(said)] : readable(said)) out(line);
  return exitCodes.fine;
}

/** An order, or an event that holds one. */
function orderIn(file: string): Pick<PreviewWish, 'order'> | { problem: string } {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as { order?: Order; type?: string } & Order;
    const order = read.order ?? read;
    if (typeof order.number !== 'string') return { problem: 'holds no order: “number” is missing' };
    return { order: { order, state: (read.type ?? 'shipped').replace(/^order\./, '') } };
  } catch (error) {
    return { problem: error instanceof SyntaxError ? 'is no JSON' : 'cannot be read' };
  }
}

function readable({ language, title, text, picture, choices, template }: RenderedNotice): string[] {
  return [
    `Language: ${language}`,
    ...(picture ? [`Picture: ${picture}`] : []),
    '',
    ...(title ? [title] : []),
    ...text.split('\n'),
    ...choices.map((choice) => ('url' in choice ? `[${choice.title}] ${choice.url}` : `[${choice.title}]`)),
    ...(template
      ? ['', `Outside the window: template ${template.name} (${template.language}): ${template.parameters.join(' | ')}`]
      : []),
  ].map(printable);
}

async function checked(deps: NoticeCommands, accounts: boolean): Promise<ExitCode> {
  const read = deps.readConfiguration();
  if (!read.ok) {
    printMistakes(read.mistakes, false, deps.terminal);
    return exitCodes.bad;
  }
  const { files } = read.settings.noticeTexts;
  const rows = files.map(({ name, language, channel, file }) => [name, language, channel ?? 'all', file]);
  for (const line of table([['TEXT', 'LANGUAGE', 'CHANNEL', 'FILE'], ...rows])) deps.terminal.out(line);
  return accounts ? missingTemplates(deps, read) : exitCodes.fine;
}

async function missingTemplates(
  deps: NoticeCommands,
  configuration: Extract<Configuration, { ok: true }>,
): Promise<ExitCode> {
  const channels = deps.openChannels(configuration);
  try {
    const { files } = configuration.settings.noticeTexts;
    const faults = await checkNoticeTemplates(files, channels.accounts, channels.tools);
    for (const { account, why, file } of faults)
      deps.terminal.err(printable(`${account}: ${why}${file ? `; named in ${file}` : ''}`));
    return faults.length > 0 ? exitCodes.bad : exitCodes.fine;
  } finally {
    await channels.close();
  }
}

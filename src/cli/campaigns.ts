import type { Command } from 'commander';
import { parse } from 'yaml';
import {
  approveCampaign,
  type CampaignActed,
  makeCampaign,
  pauseCampaign,
  resumeCampaign,
  startCampaign,
  stopCampaign,
  testCampaign,
} from '../flows/campaign-acts.ts';
import type { CampaignDesk } from '../flows/campaign-desk.ts';
import { campaignOf, campaignWish } from '../flows/campaign-wish.ts';
import { type Estimate, estimateCampaign } from '../flows/estimate-campaign.ts';
import { shownCampaign } from '../flows/shown-campaign.ts';
import { campaignReport } from '../store/campaign-report.ts';
import { type Campaign, campaignById, listCampaigns } from '../store/campaigns.ts';
import type { CampaignCommands } from './campaign-commands.ts';
import { addExclusions } from './campaign-exclusions.ts';
import { age, examples, timeOf, WrongUsage, wholeNumber } from './ledger-command.ts';
import { type ExitCode, exitCodes, printable, type Terminal, table } from './terminal.ts';

export function addCampaigns(program: Command, commands: CampaignCommands): void {
  const campaigns = program
    .command('campaigns')
    .description('tell many customers something they agreed to hear: plan, test, start, pause, report');
  addList(campaigns, commands);
  addShow(campaigns, commands);
  addPlan(campaigns, commands);
  addTest(campaigns, commands);
  addStart(campaigns, commands);
  addAct(campaigns, commands, 'approve', 'say yes to a campaign somebody else made', (desk, id, who) =>
    approveCampaign(desk, id, who),
  );
  addAct(campaigns, commands, 'pause', 'tell nobody more until it is resumed', pauseCampaign);
  addAct(campaigns, commands, 'resume', 'go on with a paused campaign, at its rate from now', (desk, id, who) =>
    resumeCampaign(desk, id, who),
  );
  addAct(campaigns, commands, 'stop', 'stop it for good: whoever was not told yet never is', stopCampaign);
  addReport(campaigns, commands);
  addExclusions(campaigns, commands);
}

const numberOf = (text: string) => wholeNumber(text, 'The campaign');

function addList(campaigns: Command, { terminal, now, onCampaigns }: CampaignCommands): void {
  const command = campaigns
    .command('list')
    .description('list campaigns, the latest first')
    .option('--limit <n>', 'at most so many, up to 200', '50')
    .option('--json', 'one JSON object a line')
    .action((options: { limit: string; json?: true }) =>
      onCampaigns(async ({ db }) => {
        const found = await listCampaigns(db, { limit: wholeNumber(options.limit, '--limit', 200) });
        if (options.json) for (const each of found) terminal.out(JSON.stringify(shownCampaign(each)));
        else if (found.length === 0)
          terminal.out('There is no campaign yet: passerelle campaigns plan FILE makes one.');
        else for (const line of table([head, ...found.map((each) => row(each, now()))])) terminal.out(line);
        return exitCodes.fine;
      }),
    );
  examples(command, 'campaigns list', 'campaigns list --json');
}

const head = ['CAMPAIGN', 'NAME', 'STATE', 'PURPOSE', 'LET GO', 'MADE', 'BY', 'WHY'];
const row = (each: Campaign, now: Date) =>
  [
    String(each.id),
    each.name,
    each.state,
    each.purpose,
    each.plannedAt ? `${each.released} of ${each.planned}` : '',
    `${age(each.madeAt, now)} ago`,
    each.madeBy,
    each.reason ?? '',
  ].map(printable);

function addShow(campaigns: Command, { terminal, now, onCampaigns }: CampaignCommands): void {
  const command = campaigns
    .command('show')
    .description('one campaign, how large it would be now, and what it would cost at most')
    .argument('<campaign>', 'its number')
    .action((campaign: string) =>
      onCampaigns((desk) =>
        onOne(desk, terminal, campaign, async (found) => {
          terminal.out(JSON.stringify(shownCampaign(found), null, 2));
          if (!found.plannedAt) printEstimate(terminal, await estimated(desk, found, now()));
        }),
      ),
    );
  examples(command, 'campaigns show 7');
}

const estimated = ({ db, kinds, prices }: CampaignDesk, campaign: Campaign, now: Date): Promise<Estimate> =>
  estimateCampaign(db, campaign, kinds, prices, now);

function printEstimate(terminal: Terminal, { customers, heldOut, accounts, minutes, costs, withoutPrice }: Estimate) {
  terminal.out(`It would tell ${customers} customers now and hold out ${heldOut}, in ${minutes} minutes.`);
  for (const { account, customers: n } of accounts) terminal.out(`  ${account}: ${n}`);
  for (const { currency, amount } of costs) terminal.out(`It would cost ${amount.toFixed(2)} ${currency} at most.`);
  if (withoutPrice.length > 0)
    terminal.out(`What it costs on ${withoutPrice.join(', ')} is not known: enter it under campaigns.prices.`);
}

async function onOne(
  { db }: CampaignDesk,
  terminal: Terminal,
  campaign: string,
  work: (found: Campaign) => Promise<void>,
): Promise<ExitCode> {
  const found = await campaignById(db, numberOf(campaign));
  if (found) await work(found);
  else terminal.err('There is no campaign of this number.');
  return found ? exitCodes.fine : exitCodes.bad;
}

function addPlan(campaigns: Command, { terminal, who, now, onCampaigns }: CampaignCommands): void {
  const command = campaigns
    .command('plan')
    .description('make a draft from a file (YAML or JSON): whom, what, how fast; nobody is told of anything yet')
    .argument('<file>', 'the file; - for standard input')
    .action((file: string) =>
      onCampaigns(async (desk) => {
        const wish = wishIn((await terminal.read(file)).toString('utf8'), file);
        const made = await makeCampaign(desk, campaignOf(wish, desk, who));
        if ('refused' in made)
          throw new WrongUsage(`texts: there are no such texts; there are ${desk.texts.join(', ') || 'none yet'}.`);
        terminal.out(`Campaign ${made.campaign.id} is a draft.`);
        printEstimate(terminal, await estimated(desk, made.campaign, now()));
        terminal.out(
          `Next: passerelle campaigns test ${made.campaign.id} CUSTOMER; passerelle campaigns start ${made.campaign.id}`,
        );
        return exitCodes.fine;
      }),
    );
  examples(command, 'campaigns plan autumn.yaml', 'campaigns plan - < autumn.json');
}

function wishIn(text: string, file: string) {
  let read: unknown;
  try {
    read = parse(text);
  } catch (error) {
    throw new WrongUsage(`${file} is neither YAML nor JSON: ${(error as Error).message.split('\n')[0]}`);
  }
  const checked = campaignWish.safeParse(read);
  if (checked.success) return checked.data;
  throw new WrongUsage(
    checked.error.issues.map(({ path, message }) => `${path.join('.') || file}: ${message}`).join('\n'),
  );
}

function addTest(campaigns: Command, { terminal, who, onCampaigns }: CampaignCommands): void {
  const command = campaigns
    .command('test')
    .description('send it to a few customers first; they have to have agreed, and are counted nowhere')
    .argument('<campaign>', 'its number')
    .argument('<customers...>', 'numbers of customers, such as passerelle customer show tells')
    .action((campaign: string, customers: string[]) =>
      onCampaigns(async (desk) => {
        const ids = customers.map((each) => wholeNumber(each, 'A customer'));
        const tested = await testCampaign(desk, numberOf(campaign), who, ids);
        if ('notices' in tested) terminal.out(`On its way to ${tested.notices.length} of them.`);
        else terminal.err('refused' in tested ? `${tested.refused}.` : 'There is no campaign of this number.');
        return 'notices' in tested ? exitCodes.fine : exitCodes.bad;
      }),
    );
  examples(command, 'campaigns test 7 42 43');
}

function addStart(campaigns: Command, { terminal, who, now, onCampaigns }: CampaignCommands): void {
  const command = campaigns
    .command('start')
    .description('send a draft on its way, at once or at a time; where campaigns.approval is set, ask for approval')
    .argument('<campaign>', 'its number')
    .option('--at <time>', 'when it begins: 2026-01-31T09:00Z')
    .action((campaign: string, { at }: { at?: string }) =>
      onCampaigns(async (desk) =>
        told(
          terminal,
          await startCampaign(desk, numberOf(campaign), who, at === undefined ? undefined : timeOf(at, now())),
        ),
      ),
    );
  examples(command, 'campaigns start 7', 'campaigns start 7 --at 2026-01-31T09:00Z');
}

function addAct(
  campaigns: Command,
  { terminal, who, onCampaigns }: CampaignCommands,
  name: string,
  what: string,
  act: (desk: CampaignDesk, id: number, who: string, reason?: string) => Promise<CampaignActed>,
): void {
  const command = campaigns.command(name).description(what).argument('<campaign>', 'its number');
  if (name === 'pause' || name === 'stop') command.option('--reason <reason>', 'kept beside it');
  command.action((campaign: string, { reason }: { reason?: string }) =>
    onCampaigns(async (desk) => told(terminal, await act(desk, numberOf(campaign), who, reason))),
  );
  examples(command, `campaigns ${name} 7`);
}

function told(terminal: Terminal, acted: CampaignActed): ExitCode {
  if ('campaign' in acted) terminal.out(`Campaign ${acted.campaign.id} is ${acted.campaign.state}.`);
  else terminal.err('refused' in acted ? `That cannot be: ${acted.refused}.` : 'There is no campaign of this number.');
  return 'campaign' in acted ? exitCodes.fine : exitCodes.bad;
}

function addReport(campaigns: Command, { terminal, onCampaigns }: CampaignCommands): void {
  const command = campaigns
    .command('report')
    .description('what a campaign has come to, in customers')
    .argument('<campaign>', 'its number')
    .option('--json', 'as one JSON object')
    .action((campaign: string, { json }: { json?: true }) =>
      onCampaigns((desk) =>
        onOne(desk, terminal, campaign, async ({ id }) => {
          const { reasons, ...counts } = await campaignReport(desk.db, id);
          if (json) return terminal.out(JSON.stringify({ ...counts, reasons }));
          for (const line of table(Object.entries(counts).map(([name, n]) => [labels[name] ?? name, String(n)])))
            terminal.out(line);
          for (const { state, reason, customers } of reasons)
            terminal.out(printable(`${customers} ${state}: ${reason}`));
        }),
      ),
    );
  examples(command, 'campaigns report 7', 'campaigns report 7 --json');
}

const labels: Record<string, string> = {
  planned: 'planned',
  heldOut: 'held out, to compare with',
  held: 'not let go yet',
  underWay: 'under way',
  sent: 'sent',
  delivered: 'delivered, of these',
  read: 'read, of these',
  failed: 'failed',
  refused: 'might not be sent',
  expired: 'too late',
  replied: 'wrote within a week',
  tickets: 'tickets within a week',
  optedOut: 'revoked a consent within a week',
};

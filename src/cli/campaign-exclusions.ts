import type { Command } from 'commander';
import { exclusionHead, exclusionLines } from '../flows/exclusion-list.ts';
import { audited } from '../store/audit.ts';
import type { CampaignCommands } from './campaign-commands.ts';
import { examples, timeOf, WrongUsage, wholeNumber } from './ledger-command.ts';
import { exitCodes } from './terminal.ts';

interface Options {
  boughtWithin?: string;
  product: string[];
  revoked?: string;
  campaign?: string;
}

export function addExclusions(campaigns: Command, { terminal, who, now, onCampaigns }: CampaignCommands): void {
  const command = campaigns
    .command('exclusions')
    .description(
      'print whom advertisements need not reach, hashed as ad platforms read it (CSV); one condition is enough',
    )
    .option('--bought-within <time>', 'whoever ordered anything within this: 30d')
    .option(
      '--product <sku>',
      'of this product alone; may be repeated',
      (sku: string, all: string[]) => [...all, sku],
      [],
    )
    .option('--revoked <purpose>', 'whoever no longer wants this: marketing, list:NAME')
    .option('--campaign <number>', 'whoever this campaign told')
    .action((options: Options) =>
      onCampaigns(async ({ db }) => {
        const { boughtWithin, product, revoked, campaign } = options;
        if (!boughtWithin && !revoked && !campaign)
          throw new WrongUsage('Say whom: --bought-within 30d, --revoked marketing, or --campaign 7.');
        if (product.length > 0 && !boughtWithin) throw new WrongUsage('--product goes with --bought-within.');
        const wish = {
          products: product,
          boughtSince: boughtWithin ? timeOf(boughtWithin, now()) : undefined,
          revoked,
          campaign: campaign ? wholeNumber(campaign, '--campaign') : undefined,
        };
        let lines = 0;
        terminal.out(exclusionHead);
        for await (const line of exclusionLines(db, wish)) {
          terminal.out(line);
          lines++;
        }
        await audited(db, { who, what: 'exclusions-exported', subject: 'customers', detail: { lines } });
        return exitCodes.fine;
      }),
    );
  examples(
    command,
    'campaigns exclusions --bought-within 30d > buyers.csv',
    'campaigns exclusions --revoked marketing --campaign 7',
  );
}

import type { CampaignDesk } from '../flows/campaign-desk.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** What the commands on campaigns share. */
export interface CampaignCommands {
  terminal: Terminal;
  /** Who is at the command line, for the audit; nobody approves of their own. */
  who: string;
  now(): Date;
  /** Opens the ledger, does the work, closes it; the work's exit code becomes the command's. */
  onCampaigns(work: (desk: CampaignDesk) => Promise<ExitCode>): Promise<void>;
}

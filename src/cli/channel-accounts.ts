import type { Channel, ChannelAccount } from '../channels/channel.ts';
import type { Tools } from '../kit/tools.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** The configured channel accounts, with what it takes to speak to their platforms. */
export interface ChannelAccounts {
  accounts: readonly { channel: Channel; account: ChannelAccount }[];
  tools: Tools;
  close(): Promise<void>;
}

/** What a command that asks platforms is given. */
export interface ChannelCommands {
  terminal: Terminal;
  /** Reads the configuration, lets the command work with its channel accounts, and notes its exit code. */
  onChannels(work: (channels: ChannelAccounts) => Promise<ExitCode>): Promise<void>;
}

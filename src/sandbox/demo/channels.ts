import * as sandboxes from '../channels.ts';
import type { ChannelSandbox, ChannelSimulator } from '../contract.ts';
import { asChannel } from '../messenger/sandbox.ts';
import type { RunningMessengerSimulator } from '../messenger/simulator.ts';
import { accounts } from './account-data.ts';

/** One account of a channel, played. */
export interface PlayedChannel {
  sandbox: ChannelSandbox;
  /** The account's id in the configuration. */
  account: string;
  simulator: ChannelSimulator;
}

const { messenger, ...others } = sandboxes;

/** Every channel that can be played; the first is the one a page opens with. */
export const playable: readonly ChannelSandbox[] = [messenger, ...Object.values<ChannelSandbox>(others)];

/** An account of every channel. Messenger's simulator can more than the rest and is started by whoever uses that. */
export async function startChannels(
  running: RunningMessengerSimulator,
  started: (simulator: ChannelSimulator) => ChannelSimulator,
): Promise<PlayedChannel[]> {
  const channels: PlayedChannel[] = [
    { sandbox: messenger, account: accounts.messenger, simulator: asChannel(running) },
  ];
  for (const sandbox of Object.values<ChannelSandbox>(others)) {
    channels.push({ sandbox, account: `acme-${sandbox.kind}`, simulator: started(await sandbox.start()) });
  }
  return channels;
}

/** Where the channel's webhooks are taken in. */
export const webhookPath = ({ sandbox, account }: PlayedChannel): string => `/webhooks/${sandbox.kind}/${account}`;

/** How Zendesk and Salesforce know a customer: `{kind}:{account id}:{user}`. */
export const keyOf = ({ sandbox, account }: PlayedChannel, user: string): string =>
  `${sandbox.kind}:${account}:${user}`;

/** The channel of that kind. */
export function channelOf(channels: readonly PlayedChannel[], kind: string): PlayedChannel {
  const channel = channels.find(({ sandbox }) => sandbox.kind === kind);
  if (!channel) throw new Error(`no channel ${kind} is played`);
  return channel;
}

import type { ConnectedChannel } from '../../flows/world.ts';

/** The kinds of channel there are accounts of, each once. */
export const channelKinds = (channels: ReadonlyMap<string, ConnectedChannel>): { kind: string; label: string }[] =>
  [...new Map([...channels.values()].map(({ channel }) => [channel.kind, channel.label]))].map(([kind, label]) => ({
    kind,
    label,
  }));

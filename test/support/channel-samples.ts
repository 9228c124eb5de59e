import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Channel } from '../../src/channels/channel.ts';
import * as registry from '../../src/channels/registry.ts';
import type { ChannelSample } from '../../src/channels/shared/testing/channel-sample.ts';

const folderOf = (kind: string) => fileURLToPath(new URL(`../../src/channels/${kind}`, import.meta.url));

/** A channel of the registry with what its folder tells of itself for tests, and real bodies. */
export interface SampledChannel {
  kind: string;
  channel: Channel;
  sample: ChannelSample;
  bodies: Buffer[];
}

/** Every channel there is: a new one joins by its line in the registry. */
export async function sampledChannels(): Promise<SampledChannel[]> {
  const channels = Object.values(registry) as unknown as Channel[];
  return Promise.all(channels.map((channel) => sampledChannel(channel, folderOf(channel.kind))));
}

export async function sampledChannel(channel: Channel, folder: string): Promise<SampledChannel> {
  const { sample } = (await import(join(folder, 'testing.ts'))) as { sample: ChannelSample };
  const names = readdirSync(join(folder, 'fixtures'), { recursive: true, encoding: 'utf8' });
  const bodies = names
    .filter((name) => name.endsWith(sample.fixtures))
    .map((name) => readFileSync(join(folder, 'fixtures', name)));
  return { kind: channel.kind, channel, sample, bodies };
}

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { testChannelContract } from '../support/channel-contract.ts';
import { sampledChannels } from '../support/channel-samples.ts';

const channels = await sampledChannels();
const folderOf = (kind: string) => fileURLToPath(new URL(`../../src/channels/${kind}`, import.meta.url));

test('there are channels, and no two of one kind', () => {
  expect(channels.length).toBeGreaterThan(0);
  expect(new Set(channels.map(({ kind }) => kind)).size).toBe(channels.length);
});

describe.each(channels.map((sampled) => [sampled.kind, sampled] as const))('%s', (kind, sampled) => {
  test('has a kind fit for URLs and rows, and a label fit for people', () => {
    expect(kind).toMatch(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/);
    expect(sampled.channel.label).toMatch(/^\S.*\S$/);
  });

  test('has a folder named for it, with a README, fixtures and tests', () => {
    const folder = folderOf(kind);
    expect(existsSync(join(folder, 'README.md'))).toBe(true);
    expect(sampled.bodies.length).toBeGreaterThan(0);
    expect(readdirSync(folder).filter((name) => name.endsWith('.test.ts')).length).toBeGreaterThan(0);
  });

  testChannelContract(sampled);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as registry from '../../src/channels/registry.ts';
import { inForce, rulesOf } from '../../src/domain/policy.ts';
import { rulesOfLimits } from '../../src/flows/platform-policy.ts';
import { describeMistake } from '../../src/settings/mistake.ts';
import { readPolicy } from '../../src/settings/policy.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-policy-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const { policy: shipped, mistakes } = readPolicy('/nowhere/policy.yaml');
const own = async (text: string) => {
  const file = join(folder, 'policy.yaml');
  await writeFile(file, text);
  const read = readPolicy(file);
  return { ...read, told: read.mistakes.map((each) => describeMistake(each).replace(`${file}:`, '')) };
};

test('what is shipped has no mistake, and each rule has its source', () => {
  expect(mistakes.map(describeMistake)).toEqual([]);
  expect([...shipped.keys()].sort()).toEqual(
    Object.values(registry)
      .map(({ kind }) => kind)
      .sort(),
  );
});

describe.each(Object.values(registry))('$kind', (channel) => {
  const rules = inForce(shipped.get(channel.kind) ?? [], new Date());
  const drawn = rulesOfLimits(channel);

  test('has the windows that the channel itself names', () => {
    const lengths = (of: typeof rules) => ({
      open: rulesOf(of, 'open').length,
      windows: rulesOf(of, 'window').map(({ lasts, messages }) => [lasts, messages]),
      human: rulesOf(of, 'human-agent').map(({ lasts }) => lasts),
    });
    expect(lengths(rules)).toEqual(lengths(drawn));
  });

  test('has a utility form wherever templates can be listed', () => {
    if (channel.listTemplates) expect(rulesOf(rules, 'template').map(({ form }) => form)).toContain('utility');
  });
});

describe('an operator’s own file', () => {
  test('takes the place of rules by their id, and takes rules away', async () => {
    const { policy, told } = await own(`
- channel: messenger
  without: [marketing-regions]
  rules:
    - { id: window, rule: window, lasts: 12h, source: our lawyers }
- channel: acme-chat
  rules:
    - { id: open, rule: open, source: Acme }
`);
    expect(told).toEqual([]);
    const messenger = policy.get('messenger') ?? [];
    expect(rulesOf(messenger as never, 'window')).toMatchObject([{ lasts: 12 * 3_600_000, source: 'our lawyers' }]);
    expect(messenger.some(({ id }) => id === 'marketing-regions')).toBe(false);
    expect(messenger.some(({ id }) => id === 'human-agent')).toBe(true);
    expect(policy.get('acme-chat')).toHaveLength(1);
  });

  test('has its mistakes told with their lines', async () => {
    const { told } = await own(`- channel: messenger
  without: [nothing-of-ours]
  rules:
    - { id: window, rule: window, lasts: soon, source: us }
    - { id: window, rule: open, source: us }
    - { id: old, rule: open, validFrom: 2026-02-30, source: us }
    - { id: back, rule: open, validFrom: 2026-02-02, validTo: 2026-02-01, source: us }
`);
    expect(told.filter((each) => /^\d+:\d+ /.test(each))).toHaveLength(told.length);
    expect(told.join('\n')).toMatch(/^4:.*lasts: not understood/m);
    expect(told.join('\n')).toMatch(/^6:.*no such day/m);
  });

  test('may not take away what is not there', async () => {
    const { told } = await own('- channel: messenger\n  without: [nothing-of-ours]\n');
    expect(told).toEqual([expect.stringMatching(/^2:13 \[0\]\.without\[0\]: no rule of this channel has this id/)]);
  });
});

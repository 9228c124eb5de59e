import { afterEach, beforeEach, expect, test } from 'vitest';
import { sms } from '../sms/sandbox.ts';
import { actions } from './actions.ts';
import { BadAction } from './bad-action.ts';
import type { PlayedChannel } from './channels.ts';
import { openShop } from './shop.ts';
import { noSwitches } from './switches.ts';
import type { World } from './world.ts';

let channel: PlayedChannel;

beforeEach(async () => {
  channel = { sandbox: sms, account: 'acme-sms', simulator: await sms.start() };
});

afterEach(() => channel.simulator.close());

const run = async (name: string, body: object) => {
  const world = { channels: [channel] } as unknown as World;
  const shop = openShop(world, () => undefined);
  try {
    return await actions[name]!.run(
      { channel: 'sms', user: sms.user(1), ...body },
      { world, switches: { ...noSwitches }, shop },
    );
  } finally {
    shop.close();
  }
};

test('somebody new arrives on the channel that is named', async () => {
  const arrived = (await run('customer-arrives', { name: 'Ida Berg' })) as { user: string };
  expect(channel.simulator.threads().map(({ user, name }) => [user, name])).toEqual([[arrived.user, 'Ida Berg']]);
  expect(arrived.user).toMatch(/^\+1202556\d{4}$/);
});

test.each([
  ['customer-reads', {}],
  ['customer-reacts', { mid: 'SM1', emoji: '👍' }],
  ['inbox-replies', { text: 'Hello' }],
])('%s is refused where the platform does not know it', async (name, body) => {
  await expect(run(name, body)).rejects.toThrow(BadAction);
});

test('a channel that is not played is refused', async () => {
  await expect(run('days-pass', { channel: 'pigeon', days: 2 })).rejects.toThrow('no channel pigeon is played');
});

test('nobody ticks the box on a channel without one', async () => {
  await run('customer-arrives', { name: 'Ida Berg' });
  await expect(run('shop-checks-out', { user: channel.simulator.threads()[0]!.user, agrees: true })).rejects.toThrow(
    'There is no such box on SMS.',
  );
});

test('an order that was never placed is refused', async () => {
  await expect(run('shop-tells', { number: 'A-1', type: 'order.shipped' })).rejects.toThrow('There is no order A-1.');
});

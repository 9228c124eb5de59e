import type { ChannelSimulator } from '../contract.ts';
import { channelOf } from './channels.ts';
import type { World } from './world.ts';

/** The platforms of which scenes know what they are called for. */
export type Platform = 'messenger' | 'zendesk' | 'salesforce';

/** Misbehaviour of a channel that lasts until it is switched off. */
export interface ChannelSwitches {
  /** Each webhook comes this often. */
  copies: number;
  /** Webhooks are held; switched off, they leave in reverse order. */
  holdAndReverse: boolean;
  /** The account's token is refused. */
  token: boolean;
}

/** Misbehaviour that lasts until it is switched off; single faults are `Simulator.inject`. */
export interface Switches {
  /** By kind; a channel that is not here behaves. */
  channels: Record<string, ChannelSwitches>;
  zendeskCopies: number;
  loseCallbacks: boolean;
  zendeskToken: boolean;
  salesforceLogin: boolean;
}

export const noChannelSwitches: ChannelSwitches = { copies: 1, holdAndReverse: false, token: false };

export const noSwitches: Switches = {
  channels: {},
  zendeskCopies: 1,
  loseCallbacks: false,
  zendeskToken: false,
  salesforceLogin: false,
};

/** Brings the simulators from one setting to another, and only where they differ. */
export async function applySwitches(world: World, from: Switches, to: Switches): Promise<void> {
  const { zendesk, salesforce } = world;
  zendesk.webhooks.copies = to.zendeskCopies;
  zendesk.webhooks.lose = to.loseCallbacks;
  if (from.zendeskToken !== to.zendeskToken) zendesk.expireToken(to.zendeskToken);
  if (from.salesforceLogin !== to.salesforceLogin) {
    salesforce.refuseLogin(to.salesforceLogin);
    if (to.salesforceLogin) salesforce.expireSession();
  }
  for (const kind of new Set([...Object.keys(from.channels), ...Object.keys(to.channels)])) {
    const { simulator } = channelOf(world.channels, kind);
    await applyTo(simulator, from.channels[kind] ?? noChannelSwitches, to.channels[kind] ?? noChannelSwitches);
  }
}

async function applyTo(simulator: ChannelSimulator, from: ChannelSwitches, to: ChannelSwitches): Promise<void> {
  simulator.webhooks.copies = to.copies;
  simulator.webhooks.holdAndReverse = to.holdAndReverse;
  if (from.token !== to.token) simulator.expireToken(to.token);
  if (from.holdAndReverse && !to.holdAndReverse) await simulator.webhooks.release();
}

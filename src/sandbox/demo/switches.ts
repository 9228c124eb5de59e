import type { World } from './world.ts';

export const platforms = ['messenger', 'zendesk', 'salesforce'] as const;
export type Platform = (typeof platforms)[number];

/** Misbehaviour that lasts until it is switched off; single faults are `Simulator.inject`. */
export interface Switches {
  /** Each Messenger webhook comes this often. */
  messengerCopies: number;
  /** Messenger webhooks are held; switched off, they leave in reverse order. */
  holdAndReverse: boolean;
  messengerToken: boolean;
  zendeskCopies: number;
  loseCallbacks: boolean;
  zendeskToken: boolean;
  salesforceLogin: boolean;
}

export const noSwitches: Switches = {
  messengerCopies: 1,
  holdAndReverse: false,
  messengerToken: false,
  zendeskCopies: 1,
  loseCallbacks: false,
  zendeskToken: false,
  salesforceLogin: false,
};

/** Brings the simulators from one setting to another, and only where they differ. */
export async function applySwitches(world: World, from: Switches, to: Switches): Promise<void> {
  const { messenger, zendesk, salesforce } = world;
  messenger.webhooks.copies = to.messengerCopies;
  messenger.webhooks.holdAndReverse = to.holdAndReverse;
  zendesk.webhooks.copies = to.zendeskCopies;
  zendesk.webhooks.lose = to.loseCallbacks;
  if (from.messengerToken !== to.messengerToken) messenger.expireToken(to.messengerToken);
  if (from.zendeskToken !== to.zendeskToken) zendesk.expireToken(to.zendeskToken);
  if (from.salesforceLogin !== to.salesforceLogin) {
    salesforce.refuseLogin(to.salesforceLogin);
    if (to.salesforceLogin) salesforce.expireSession();
  }
  if (from.holdAndReverse && !to.holdAndReverse) await messenger.webhooks.release();
}

import { carryOutErasure } from '../flows/carry-out-erasure.ts';
import { tellShop, wakeShopWebhooks } from '../flows/tell-shop.ts';
import type { World } from '../flows/world.ts';
import { makePostWebhook } from '../kit/post-webhook.ts';
import type { Settings } from '../settings/settings.ts';
import { openErasures } from '../store/erasures.ts';
import { syncHooks } from '../store/shop-webhooks.ts';
import { everyMs, type Told } from './every-ms.ts';
import type { Closer } from './outside.ts';

/** Carries out erasures, also those that a process left behind. */
export async function startErasing(world: World, { privacy }: Settings, told: Told, closers: Closer[]): Promise<void> {
  const { db, queue } = world;
  await queue.work('erasures', 1, (key) => carryOutErasure(world, privacy, key));
  const wakeAll = async () => {
    for (const id of await openErasures(db)) await queue.wakeLater({ queue: 'erasures', key: String(id) });
  };
  await wakeAll();
  everyMs(told, closers, 30_000, 'erasures', wakeAll);
}

/** Tells the shop of what happens, where it wants to hear of it. */
export async function startTellingShop(world: World, settings: Settings, told: Told, closers: Closer[]): Promise<void> {
  const { db, queue, health, tools } = world;
  const { webhooks, allowedHosts } = settings.shop;
  await syncHooks(db, webhooks);
  const hooks = new Map(webhooks.map((hook) => [hook.id, hook]));
  const parts = { db, queue, health, hooks, clock: tools.clock, log: tools.log, post: makePostWebhook(allowedHosts) };
  await queue.work('shop-webhooks', 4, (key) => tellShop(parts, key));
  if (webhooks.length > 0) everyMs(told, closers, 1_000, 'shop-webhooks', () => wakeShopWebhooks(parts));
}

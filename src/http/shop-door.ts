import type { Request, Response } from 'express';
import type { ConnectedShop, ShopKind } from '../flows/shops/shop-kind.ts';
import { shopify } from '../flows/shops/shopify.ts';
import { woocommerce } from '../flows/shops/woocommerce.ts';
import type { ShopWebhook, ShopWebhookTaken } from '../flows/take-in-shop-webhook.ts';
import type { DatabaseWatch } from '../kit/database-watch.ts';
import { faultOf } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import type { FailedChecks } from './failed-checks.ts';
import type { Metrics } from './metrics.ts';
import { problem } from './problem.ts';
import { webhookRequest } from './webhook-request.ts';

export interface ShopDoorParts {
  shops: readonly ConnectedShop[];
  takeInShop: (webhook: ShopWebhook) => Promise<ShopWebhookTaken>;
  publicUrl: string | undefined;
  forgeries: FailedChecks;
  watch: DatabaseWatch;
  metrics: Metrics;
  log: Log;
  now: () => Date;
}

const kinds = new Map<string, ShopKind>([shopify, woocommerce].map((kind) => [kind.kind, kind]));

/** Webhooks of shops themselves: verified over the raw bytes, committed, answered. */
export function makeShopDoor({ shops, takeInShop, publicUrl, forgeries, watch, metrics, log, now }: ShopDoorParts) {
  return async (request: Request, response: Response, id: string | undefined): Promise<void> => {
    const shop = shops.find((each) => each.id === id);
    const kind = shop && kinds.get(shop.kind);
    if (!shop || !kind) return problem(response, 404, `no shop "${id ?? ''}" is configured`);
    const asked = webhookRequest(request, publicUrl);
    if (!kind.isAuthentic(asked, shop)) {
      metrics.refused('shop', 'forged');
      return forgeries.refuse(request, response, 401, 'the signature is missing or does not fit the body');
    }
    const told = kind.read(asked, shop);
    if (told === 'probe') return void response.json({ ok: true });
    if ('malformed' in told) {
      metrics.refused('shop', 'malformed');
      return problem(response, 400, told.malformed);
    }
    try {
      response.json({ ok: true, ...(await takeInShop({ shop, told, body: asked.body, at: now() })) });
    } catch (error) {
      metrics.refused('shop', 'not-committed');
      if (!watch.saw(error)) log.error('webhook.not-committed', { channel: 'shop', ...faultOf(error) });
      response.set('retry-after', '5');
      problem(response, 503, 'the ledger cannot be written just now; please deliver this again');
    }
  };
}

import type { ShopNote } from '../domain/shop-event.ts';
import type { Tx } from '../store/database.ts';
import { addShopWebhooks } from '../store/shop-webhooks.ts';

/**
 * Notes that the shop is to be told of something, in the transaction in which it happens; does nothing where no webhook of
 * the shop wants to hear of it. `tell-shop.ts` tells it within about a second.
 */
export const noteForShop = (tx: Tx, note: ShopNote): Promise<void> => addShopWebhooks(tx, note);

import { z } from 'zod';
import type { Secret } from '../kit/secret.ts';
import { shopEventKinds } from '../kit/shop-event-kinds.ts';

const hookId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'use letters, digits, dots, dashes and underscores, at most 64')
  .describe('your name for it, which never changes');

/** What an order becomes; as in `domain/order.ts`. */
const meanings = [
  'nothing',
  'order.confirmed',
  'order.paid',
  'order.preparing',
  'order.shipped',
  'order.out_for_delivery',
  'order.delivered',
  'order.delayed',
  'order.cancelled',
  'order.refunded',
] as const;

/** WooCommerce's own statuses; plugins add others. */
const usualStatuses: Record<string, (typeof meanings)[number]> = {
  pending: 'order.confirmed',
  'on-hold': 'order.confirmed',
  processing: 'order.paid',
  completed: 'order.shipped',
  cancelled: 'order.cancelled',
  refunded: 'order.refunded',
};

const shopOf = (secret: z.ZodType<Secret, string>) =>
  z
    .strictObject({
      id: hookId,
      kind: z.enum(['shopify', 'woocommerce']).describe('which software the shop runs on: shopify or woocommerce'),
      secret: secret.describe('the secret its webhooks are signed with'),
      language: z
        .string()
        .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/, 'write it as en or fr-CA')
        .optional()
        .describe('The language of customers of whom the shop tells none: en, fr-CA.'),
      statuses: z
        .record(z.string(), z.enum(meanings))
        .default({})
        .describe(
          'What statuses of WooCommerce mean, beside or instead of the usual: `{ til-henting: order.preparing, completed: order.delivered }`.',
        ),
    })
    .transform((shop) => ({ ...shop, statuses: { ...usualStatuses, ...shop.statuses } }));

/** Where the shop is told of what happens. */
export const shopSettings = (httpUrl: z.ZodType<string, string>, secret: z.ZodType<Secret, string>) => ({
  shop: z
    .strictObject({
      webhooks: z
        .array(
          z.strictObject({
            id: hookId,
            url: httpUrl.describe('where the shop listens'),
            secret: secret.describe('signs what is sent, 20 characters or more, or whsec_ and base64'),
            events: z
              .array(z.enum(shopEventKinds))
              .min(1)
              .default([...shopEventKinds])
              .describe('Which events it is told of; without it all.'),
          }),
        )
        .default([])
        .refine((hooks) => new Set(hooks.map(({ id }) => id)).size === hooks.length, {
          error: 'two webhooks have the same id',
        }),
      allowedHosts: z
        .array(z.string().min(1))
        .default([])
        .describe(
          'Hosts inside your network that webhooks to the shop may go to, such as 10.0.0.5:8080; all else must be on the internet.',
        ),
    })
    .prefault({}),
  shops: z
    .array(shopOf(secret))
    .default([])
    .refine((shops) => new Set(shops.map(({ id }) => id)).size === shops.length, {
      error: 'two shops have the same id',
    }),
});

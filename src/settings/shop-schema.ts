import { z } from 'zod';
import type { Secret } from '../kit/secret.ts';
import { shopEventKinds } from '../kit/shop-event-kinds.ts';

const hookId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, 'use letters, digits, dots, dashes and underscores, at most 64')
  .describe('your name for it, which never changes');

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
              .default([...shopEventKinds]),
          }),
        )
        .default([])
        .refine((hooks) => new Set(hooks.map(({ id }) => id)).size === hooks.length, {
          error: 'two webhooks have the same id',
        }),
      allowedHosts: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
});

import { z } from 'zod';

const size = z.enum(['xxs', 'xs', 'sm', 'md', 'lg', 'xl', 'xxl', '3xl', '4xl', '5xl', 'full']);
const space = z.enum(['none', 'xs', 'sm', 'md', 'lg', 'xl', 'xxl']);
const text = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1, 'May not be empty'),
  wrap: z.boolean().optional(),
  weight: z.enum(['regular', 'bold']).optional(),
  size: size.optional(),
  align: z.enum(['start', 'end', 'center']).optional(),
  flex: z.int().min(0).optional(),
});
const separator = z.strictObject({ type: z.literal('separator'), margin: space.optional() });
const mostBytes = 30_000;

/** One bubble ("Flex Message"): a picture, lines, rows of two, and buttons. */
export function flexBubble(link: z.ZodType, action: z.ZodType) {
  const image = z.strictObject({
    type: z.literal('image'),
    url: link,
    size: size.optional(),
    aspectRatio: z
      .string()
      .regex(/^\d+:\d+$/, 'invalid aspectRatio')
      .optional(),
    aspectMode: z.enum(['cover', 'fit']).optional(),
  });
  const button = z.strictObject({
    type: z.literal('button'),
    action,
    style: z.enum(['primary', 'secondary', 'link']).optional(),
    height: z.enum(['sm', 'md']).optional(),
  });
  const row = z.strictObject({
    type: z.literal('box'),
    layout: z.enum(['horizontal', 'baseline']),
    contents: z.array(text).min(1),
  });
  const box = z.strictObject({
    type: z.literal('box'),
    layout: z.literal('vertical'),
    spacing: space.optional(),
    contents: z.array(z.discriminatedUnion('type', [text, separator, button, row])).min(1),
  });
  return z
    .strictObject({
      type: z.literal('bubble'),
      hero: image.optional(),
      body: box.optional(),
      footer: box.optional(),
    })
    .refine((bubble) => Buffer.byteLength(JSON.stringify(bubble)) <= mostBytes, 'a bubble must be 30 KB or less');
}

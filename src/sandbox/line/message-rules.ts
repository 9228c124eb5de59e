import { z } from 'zod';
import { flexBubble } from './flex-rules.ts';
import { badBody, type Detail } from './line-error.ts';

/**
 * What LINE takes in a request that sends, after its OpenAPI description (line/line-openapi, Apache-2.0) and, for lengths it
 * leaves out, the Messaging API reference. Kinds of message that are never sent from here (imagemap, coupon, carousels) are
 * refused.
 */
const words = (longest: number) =>
  z
    .string('Must be a string')
    .refine((text) => text.trim() !== '', 'May not be empty')
    .max(longest, `Length must be between 0 and ${longest}`);

/** HTTPS only; a simulator on the same machine is excepted. */
const link = words(2000).refine(isFetchable, 'Must be a valid HTTPS URL');

function isFetchable(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && url.hostname === '127.0.0.1');
}

const label = words(20);
const actions = [
  z.strictObject({ type: z.literal('message'), label, text: words(300) }),
  z.strictObject({
    type: z.literal('postback'),
    label,
    data: words(300),
    displayText: words(300).optional(),
    inputOption: z.enum(['closeRichMenu', 'openRichMenu', 'openKeyboard', 'openVoice']).optional(),
    fillInText: words(300).optional(),
  }),
  z.strictObject({
    type: z.literal('uri'),
    label,
    uri: words(1000).refine((uri) => /^(?:https?|line|tel):/.test(uri), 'invalid uri scheme'),
  }),
] as const;
const action = z.discriminatedUnion('type', actions, 'invalid action type');

const common = {
  quickReply: z
    .strictObject({
      items: z
        .array(z.strictObject({ type: z.literal('action'), imageUrl: link.optional(), action }))
        .min(1, 'Size must be between 1 and 13')
        .max(13, 'Size must be between 1 and 13'),
    })
    .optional(),
  sender: z.strictObject({ name: words(20).optional(), iconUrl: link.optional() }).optional(),
};
const quoteToken = words(200).optional();

const template = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('buttons'),
      title: words(40).optional(),
      text: words(160),
      thumbnailImageUrl: link.optional(),
      actions: z.array(action).min(1, 'Size must be between 1 and 4').max(4, 'Size must be between 1 and 4'),
    })
    .refine(({ title, thumbnailImageUrl, text }) => !(title || thumbnailImageUrl) || text.length <= 60, {
      message: 'Length must be between 0 and 60',
      path: ['text'],
    }),
  z.strictObject({
    type: z.literal('confirm'),
    text: words(240),
    actions: z.array(action).length(2, 'Size must be 2'),
  }),
]);

const message = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('text'), text: words(5000), quoteToken, ...common }),
    z.strictObject({ type: z.literal('sticker'), packageId: words(20), stickerId: words(20), quoteToken, ...common }),
    z.strictObject({ type: z.literal('image'), originalContentUrl: link, previewImageUrl: link, ...common }),
    z.strictObject({
      type: z.literal('video'),
      originalContentUrl: link,
      previewImageUrl: link,
      trackingId: words(100)
        .regex(/^[\w\-.=,+*()%$&;:@{}!?<>[\]]+$/, 'invalid trackingId')
        .optional(),
      ...common,
    }),
    z.strictObject({
      type: z.literal('audio'),
      originalContentUrl: link,
      duration: z.int('Must be an integer').min(1, 'must be greater than 0'),
      ...common,
    }),
    z.strictObject({
      type: z.literal('location'),
      title: words(100),
      address: words(100),
      latitude: z.number(),
      longitude: z.number(),
      ...common,
    }),
    z.strictObject({ type: z.literal('template'), altText: words(1500), template, ...common }),
    z.strictObject({ type: z.literal('flex'), altText: words(400), contents: flexBubble(link, action), ...common }),
  ],
  'Must be one of the following values: [text, sticker, image, video, audio, location, template, flex]',
);

const messages = z
  .array(message, 'Must be an array')
  .min(1, 'Size must be between 1 and 5')
  .max(5, 'Size must be between 1 and 5');
const notificationDisabled = z.boolean().optional();

const replyRequest = z.strictObject({ replyToken: words(100), messages, notificationDisabled });
const pushRequest = z.strictObject({
  to: words(100),
  messages,
  notificationDisabled,
  customAggregationUnits: z.array(words(30)).max(1).optional(),
});
const validateRequest = z.strictObject({ messages });
const loadingRequest = z.strictObject({
  chatId: words(100),
  loadingSeconds: z.int().min(5).max(60).multipleOf(5, 'loadingSeconds must be a multiple of 5').optional(),
});
const endpointRequest = z.strictObject({ endpoint: words(500) });
const endpointTestRequest = z.strictObject({ endpoint: words(500).optional() });

export type OutMessage = z.output<typeof message>;

export const readReply = (body: unknown) => read(replyRequest, body);
export const readPush = (body: unknown) => read(pushRequest, body);
export const readValidate = (body: unknown) => read(validateRequest, body);
export const readLoading = (body: unknown) => read(loadingRequest, body);
export const readEndpoint = (body: unknown) => read(endpointRequest, body);
export const readEndpointTest = (body: unknown) => read(endpointTestRequest, body);

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const checked = schema.safeParse(body);
  if (checked.success) return checked.data;
  throw badBody(
    checked.error.issues.map(({ message: why, path }): Detail => ({ message: why, property: nameOf(path) })),
  );
}

/** `messages[0].text`, as LINE names it. */
const nameOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (name, piece) =>
      typeof piece === 'number' ? `${name}[${piece}]` : name === '' ? String(piece) : `${name}.${String(piece)}`,
    '',
  );

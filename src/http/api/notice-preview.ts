import { z } from 'zod';
import type { NoticeDesk } from '../../flows/notice-desk.ts';
import { previewNotice } from '../../flows/preview-notice.ts';
import type { ConnectedChannel } from '../../flows/world.ts';
import { type Operation, operation, wrongField } from './operation.ts';
import { order } from './order-schemas.ts';

const previewBody = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._-]{0,79}$/, 'the name of a text, such as order.shipped')
    .describe('the name of its texts: `order.shipped`'),
  channel: z.string().min(1).max(40).describe('the kind of channel it goes through'),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'not a language such as fr or fr-CA')
    .default('en')
    .describe('the customer’s'),
  order: order.optional().describe('what it tells of; without it, a made-up order'),
});

const choice = z.object({ title: z.string(), url: z.string().optional() });

const previewAnswer = z.object({
  language: z.string().describe('in which of the languages there is a text'),
  title: z.string(),
  text: z.string(),
  picture: z.string().optional(),
  choices: z.array(choice).describe('what can be tapped under it'),
  template: z
    .object({ name: z.string(), language: z.string(), parameters: z.array(z.string()) })
    .optional()
    .describe('what is sent instead where nothing else may be'),
});

interface PreviewParts {
  channels: ReadonlyMap<string, ConnectedChannel>;
  noticeDesk: Pick<NoticeDesk, 'texts' | 'sample'>;
}

/** The same as `passerelle notices preview`. */
export const noticePreviewOperation = ({ channels, noticeDesk }: PreviewParts): Operation =>
  operation({
    method: 'post',
    path: '/v1/notices/preview',
    id: 'previewNotice',
    summary: 'What a notice would say',
    description: 'In the words of a channel and a language; sends nothing, and keeps nothing.',
    scope: 'orders',
    params: z.object({}),
    query: z.object({}),
    body: previewBody,
    answer: previewAnswer,
    handle: async ({ body: { order: told, ...wish } }) => {
      const kinds = new Set([...channels.values()].map(({ channel }) => channel.kind));
      if (!kinds.has(wish.channel)) return wrongField('body.channel', `not one of ${[...kinds].sort().join(', ')}`);
      const about = told && { order: told, state: wish.name.replace(/^order\./, '') };
      const said = previewNotice(noticeDesk, { ...wish, order: about });
      if (!said) return { status: 404, detail: 'there is no text of this name' };
      const { language, title, text, picture, choices, template } = said;
      return {
        status: 200,
        body: {
          ...{ language, title, text, choices: choices.map(shownChoice) },
          ...(picture ? { picture } : {}),
          ...(template
            ? { template: { name: template.name, language: template.language, parameters: template.parameters } }
            : {}),
        },
      };
    },
  });

const shownChoice = (each: { title: string; url?: string }) => ({
  title: each.title,
  ...(each.url === undefined ? {} : { url: each.url }),
});

import { z } from 'zod';
import type { NoticeTextFile } from '../../../domain/notice-text.ts';
import { checkNoticeTemplates } from '../../../flows/check-notice-templates.ts';
import { previewNotice } from '../../../flows/preview-notice.ts';
import { orderById } from '../../../store/order-list.ts';
import type { NoticePreview, NoticeTextLine, NoticeTextsView, TemplateFaults } from '../../wire/notices.ts';
import { channelKinds } from '../channel-kinds.ts';
import { type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

type Parts = Pick<ConsoleParts, 'db' | 'channels' | 'notices'>;

/** The same as `passerelle notices preview` and `check`. */
export const textEndpoints = ({ db, channels, notices: desk }: Parts): Endpoint[] => [
  endpoint({
    method: 'get',
    path: '/notice-texts',
    may: 'notices.read',
    handle: async () => {
      const { names, files } = desk.texts;
      const texts = names.map((name) => lineOf(name, files));
      return fine({ texts, channels: channelKinds(channels) } satisfies NoticeTextsView);
    },
  }),
  endpoint({
    method: 'post',
    path: '/notice-texts/preview',
    may: 'notices.read',
    body: z.strictObject({
      name: z.string().min(1).max(80),
      channel: z.string().min(1).max(40),
      language: z.string().regex(/^[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, 'a language such as en or pt-BR'),
      order: z.int().positive().max(1e15).optional().describe('one that is known, instead of a made-up one'),
      variables: z.record(z.string().max(50), z.string().max(1_000)).optional(),
    }),
    handle: async ({ body: { order, ...wish } }) => {
      const told = order === undefined ? undefined : await orderById(db, order);
      if (order !== undefined && !told) return missing('order');
      const said: NoticePreview | undefined = previewNotice(desk, { ...wish, order: told });
      return said ? fine(said) : missing('text');
    },
  }),
  endpoint({
    // It asks the platforms, so it is no mere reading.
    method: 'post',
    path: '/notice-texts/check',
    may: 'notices.write',
    handle: async () => {
      const faults = await checkNoticeTemplates(desk.texts.files, channels.values(), desk.tools);
      return fine({
        faults: faults.map(({ file, ...rest }) => ({ ...rest, file: file === undefined ? null : placeOf(file) })),
      } satisfies TemplateFaults);
    },
  }),
];

const lineOf = (name: string, files: readonly NoticeTextFile[]): NoticeTextLine => ({
  name,
  files: files
    .filter((each) => each.name === name)
    .map(({ file, language, channel, text }) => ({
      ...{ file: placeOf(file), language, channel: channel ?? null },
      templates: Object.entries(text.templates).map(([kind, { name: template }]) => `${kind}: ${template}`),
    })),
});

/** Where the file is, below the folder of the texts. */
const placeOf = (file: string): string => file.split(/[\\/]/).slice(-2).join('/');

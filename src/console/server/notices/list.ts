import { z } from 'zod';
import { campaignById } from '../../../store/campaigns.ts';
import type { Database } from '../../../store/database.ts';
import { findNotices, findNoticesByIds, type ListedNotice } from '../../../store/notice-list.ts';
import { type NoticeTry, triesOf } from '../../../store/notice-tries.ts';
import { noticeById } from '../../../store/notices.ts';
import { noticeStates } from '../../../store/order-tables.ts';
import { searched } from '../../../store/search-customers.ts';
import type { NoticeChoices, NoticeLine, NoticeTryView, NoticeView } from '../../wire/notices.ts';
import { noCursor, tooMuch } from '../conversations/list.ts';
import { oneMore, pageOf, readCursor } from '../cursor.ts';
import { type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

const limit = 40;
const number = z.coerce.number().int().positive().max(1e15);

const filter = z.object({
  state: z.enum(noticeStates).optional(),
  event: z.string().max(80).optional(),
  order: z.string().trim().max(100).optional(),
  campaign: number.optional(),
  customer: number.optional(),
  cursor: z.string().max(200).optional(),
});

type Parts = Pick<ConsoleParts, 'db' | 'channels' | 'notices'>;

export const noticeListEndpoints = ({ db, channels, notices: { texts } }: Parts): Endpoint[] => [
  endpoint({
    method: 'get',
    path: '/notices',
    may: 'notices.read',
    query: filter,
    handle: async ({ query: { cursor, ...wanted } }) => {
      const [before] = cursor === undefined ? [undefined] : (readCursor(cursor, 1) ?? ['none']);
      if (typeof before === 'string') return noCursor;
      const rows = await searched(db, (tx) => findNotices(tx, wanted, oneMore(limit), before));
      return rows ? fine(pageOf(rows, limit, noticeLine, ({ id }) => [id])) : tooMuch;
    },
  }),
  endpoint({
    method: 'get',
    path: '/notices/choices',
    may: 'notices.read',
    handle: async () => fine({ events: [...texts.names] } satisfies NoticeChoices),
  }),
  endpoint({
    method: 'get',
    path: '/notices/:id',
    may: 'notices.read',
    params: z.object({ id: number }),
    handle: async ({ params: { id } }) => {
      const found = await noticeView(db, channels, id);
      return found ? fine(found) : missing('notice');
    },
  }),
];

export const noticeLine = ({ created_at, not_before, ended_at, ...rest }: ListedNotice): NoticeLine => ({
  ...rest,
  createdAt: created_at.toISOString(),
  notBefore: not_before.toISOString(),
  endedAt: ended_at?.toISOString() ?? null,
});

async function noticeView(db: Database, channels: Parts['channels'], id: number): Promise<NoticeView | undefined> {
  const notice = await noticeById(db, id);
  const [listed] = notice ? await findNoticesByIds(db, [id]) : [];
  if (!notice || !listed) return undefined;
  const [tries, campaign] = await Promise.all([
    triesOf(db, id),
    notice.campaign === undefined ? undefined : campaignById(db, notice.campaign),
  ]);
  return {
    ...noticeLine(listed),
    ...{ purpose: notice.purpose, language: notice.language ?? null },
    expiresAt: notice.expiresAt.toISOString(),
    sentAt: notice.sentAt?.toISOString() ?? null,
    conversation: notice.conversation ?? null,
    message: notice.message ?? null,
    campaignName: campaign?.name ?? null,
    chain: tries.map((each) => tryView(each, channels)),
  };
}

const tryView = (each: NoticeTry, channels: Parts['channels']): NoticeTryView => ({
  ...{ id: each.id, account: each.account, state: each.state, conversation: each.conversation },
  channel: channels.get(each.account)?.channel.label ?? null,
  form: each.form ?? null,
  reason: each.reason ?? null,
  message: each.message ?? null,
  startedAt: each.startedAt.toISOString(),
  endedAt: each.endedAt?.toISOString() ?? null,
});

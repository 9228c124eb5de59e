import { conversationKey } from '../domain/conversation-key.ts';
import type { ReceiptState } from '../domain/event.ts';
import type { WakeUp } from '../queue/wake-up.ts';
import { conversationById } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { addDeliveries } from '../store/messages.ts';
import { type NoticeTry, tryOfMessage } from '../store/notice-tries.ts';
import {
  endNotice,
  lockNotice,
  type Notice,
  noticeArrived,
  noticeIsSent,
  noticeLookedAt,
  reopenNotice,
} from '../store/notices.ts';
import { orderOfEvent } from '../store/orders.ts';
import { replyPartsOf } from '../store/reply-parts.ts';
import type { NoticeOutcome } from './meters.ts';
import { noteForShop } from './note-for-shop.ts';
import { crmOf, helpdeskOf, type World } from './world.ts';

/** It is told by no way. The shop hears of it. */
export async function endNow(
  world: World,
  notice: Notice,
  state: 'failed' | 'refused' | 'expired',
  reason: string,
): Promise<void> {
  const at = world.tools.clock.now();
  const ended = await world.db.transaction().execute(async (tx) => {
    if (!(await endNotice(tx, notice.id, { state, at, reason }))) return false;
    await noteForShop(tx, { kind: 'notice.failed', reason, ...(await told(tx, notice, at)) });
    return true;
  });
  if (ended) world.meters.notice(state);
  if (ended) world.tools.log.info('notice.ended', { notice: notice.id, event: notice.event, state, why: reason });
}

async function told(tx: Tx, { id, customer, event, orderEvent }: Notice, at: Date, account?: string) {
  const order = orderEvent === undefined ? undefined : await orderOfEvent(tx, orderEvent);
  return { customer, at, notice: id, event, ...(order ? { order } : {}), ...(account ? { account } : {}) };
}

/**
 * The platform has it: from here it is a part of the conversation, on its ticket if one is open and in the history.
 */
export async function endSent(
  world: World,
  notice: Notice,
  { account, message, conversation }: NoticeTry,
  reason: string | undefined,
): Promise<void> {
  const at = world.tools.clock.now();
  const outcomes = await world.db.transaction().execute(async (tx) => {
    await lockNotice(tx, notice.id);
    const parts = message === undefined ? [] : await replyPartsOf(tx, message);
    const first = await noticeIsSent(tx, notice.id, at);
    if (first) {
      await placeInThread(tx, world, { account, message, conversation });
      await noteForShop(tx, { kind: 'notice.sent', ...(await told(tx, notice, at, account)) });
    }
    const reached = (states: string[]) => parts.some(({ state }) => states.includes(state));
    const state = reached(['read']) ? 'read' : reached(['delivered']) ? 'delivered' : 'sent';
    await endNotice(tx, notice.id, { state, at, ...(reason ? { reason } : {}) });
    if (state !== 'sent') await noteForShop(tx, { kind: `notice.${state}`, ...(await told(tx, notice, at, account)) });
    return [...(first ? (['sent'] as const) : []), ...(state === 'sent' ? [] : [state])] as NoticeOutcome[];
  });
  for (const outcome of outcomes) world.meters.notice(outcome);
  world.tools.log.info('notice.sent', {
    notice: notice.id,
    event: notice.event,
    account,
    ms: at.getTime() - notice.createdAt.getTime(),
  });
}

async function placeInThread(
  tx: Tx,
  { channels, queue }: World,
  { account, message, conversation }: Pick<NoticeTry, 'account' | 'message' | 'conversation'>,
): Promise<void> {
  const connected = channels.get(account);
  const found = await conversationById(tx, conversation);
  if (!connected || !found || message === undefined) return;
  await addDeliveries(tx, { id: message, conversation }, [helpdeskOf(connected), crmOf(connected)]);
  const wakeUps: WakeUp[] = [
    { queue: 'conversation', key: conversationKey(found.account, found.platformUser) },
    ...(crmOf(connected) ? [{ queue: 'history' as const, key: String(conversation) }] : []),
  ];
  await queue.wake(tx, wakeUps);
}

/**
 * What the platform tells of a notice after it took it. A failure before anything arrived opens it again: the next way is
 * tried.
 */
export async function noticeTold(
  tx: Tx,
  world: Pick<World, 'queue' | 'meters'>,
  notice: Notice,
  { state, at, message }: { state: ReceiptState; at: Date; message: number },
): Promise<void> {
  await lockNotice(tx, notice.id);
  const { account } = (await tryOfMessage(tx, message)) ?? {};
  if ((state === 'delivered' || state === 'read') && (await noticeArrived(tx, notice.id, state))) {
    world.meters.notice(state);
    await noteForShop(tx, { kind: `notice.${state}`, ...(await told(tx, notice, at, account)) });
  }
  if (
    state === 'failed' &&
    (await replyPartsOf(tx, message)).every((part) => part.state === 'failed' && !part.deliveredAt)
  )
    await reopenNotice(tx, notice.id, message, at);
  // What was to be looked at when its time is over is looked at now.
  if (notice.state === 'sending') await noticeLookedAt(tx, notice.id, new Date());
  await world.queue.wake(tx, [{ queue: 'notices', key: String(notice.customer) }]);
}

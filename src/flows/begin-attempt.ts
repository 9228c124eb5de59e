import { randomUUID } from 'node:crypto';
import type { SendingRight } from '../channels/channel.ts';
import type { Marker } from '../domain/ids.ts';
import type { RenderedNotice } from '../domain/notice-text.ts';
import { addMessage } from '../store/messages.ts';
import { beginTry, triesOf } from '../store/notice-tries.ts';
import { mayBeginNotice, type Notice } from '../store/notices.ts';
import type { NoticeForm } from '../store/order-tables.ts';
import { addReplyParts } from '../store/reply-parts.ts';
import { bodiesOf } from './notice-bodies.ts';
import type { NoticeSubject } from './notice-context.ts';
import { followTry } from './notice-try.ts';
import type { Way } from './notice-ways.ts';
import { nameOf, type World } from './world.ts';

/** What the gate let through. */
export interface LetThrough {
  send: RenderedNotice;
  form: NoticeForm;
  right: SendingRight;
}

/**
 * Writes the notice down as a message of this conversation before anything is sent, and sends it. It goes to the ticket and the
 * history only once it is sent: what goes another way in the end was not said here. Nothing happens when the notice waits no longer.
 */
export async function beginAttempt(
  world: World,
  notice: Notice,
  { connected, conversation }: Way,
  subject: NoticeSubject,
  { send: said, form }: LetThrough,
): Promise<void> {
  const at = world.tools.clock.now();
  const about = { ...subject, shopName: world.noticing.shopName, recipient: nameOf(connected, conversation) };
  const bodies = bodiesOf(said, form, connected.channel, about);
  const parts = [{ type: 'text' as const, text: wordsOf(said, about) }];
  const account = connected.account.id;
  const begins = await world.db.transaction().execute(async (tx) => {
    if (!(await mayBeginNotice(tx, notice.id))) return false;
    const message = await addMessage(
      tx,
      {
        ...{
          conversation: conversation.id,
          kind: 'said',
          author: 'shop',
          platformId: `notice:${notice.id}`,
          parts,
          at,
        },
        detail: { authorName: world.noticing.shopName, onlyIfOpen: true },
      },
      [],
    );
    if (message === undefined)
      throw new Error(`notice ${notice.id} was begun in conversation ${conversation.id} before`);
    await addReplyParts(tx, message, conversation.id, bodies, () => `passerelle:${randomUUID()}` as Marker);
    await beginTry(tx, { notice: notice.id, account, conversation: conversation.id, form, message, at });
    return true;
  });
  if (!begins) return;
  const begun = (await triesOf(world.db, notice.id)).at(-1)!;
  await followTry(world, { ...notice, state: 'sending' }, begun, true);
}

/** As agents and the history see it. */
function wordsOf({ title, text, choices }: RenderedNotice, { file }: NoticeSubject): string {
  const links = choices.flatMap((choice) => ('url' in choice ? [`${choice.title}: ${choice.url}`] : []));
  return [title, text, ...links, file ? `📎 ${file.name}` : ''].filter((line) => line !== '').join('\n');
}

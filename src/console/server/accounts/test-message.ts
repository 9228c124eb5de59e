import { z } from 'zod';
import { sendTestMessage } from '../../../flows/send-test-message.ts';
import { audited } from '../../../store/audit.ts';
import { conversationById } from '../../../store/conversations.ts';
import { lastConversations } from '../../../store/last-messages.ts';
import type { TestTarget } from '../../wire/accounts.ts';
import { type Answer, type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

const testBody = z.strictObject({
  conversation: z.int().positive(),
  text: z.string().trim().min(1, 'write something').max(500, 'at most 500 letters'),
});

/** A message of one's own to somebody who wrote lately: to oneself, best. */
export function testEndpoints({
  db,
  channels,
  operations,
  log,
}: Pick<ConsoleParts, 'db' | 'channels' | 'operations' | 'log'>): Endpoint[] {
  const id = z.object({ id: z.string().min(1).max(64) });
  return [
    endpoint({
      method: 'get',
      path: '/accounts/channel/:id/test-targets',
      may: 'accounts.test',
      params: id,
      handle: async ({ params }) => {
        const found = await lastConversations(db, params.id, 5);
        const items: TestTarget[] = found.map(({ id, name, lastCustomerAt }) => ({
          conversation: id,
          name,
          lastCustomerAt: lastCustomerAt?.toISOString() ?? null,
        }));
        return fine({ items });
      },
    }),
    endpoint({
      method: 'post',
      path: '/accounts/channel/:id/test',
      may: 'accounts.test',
      params: id,
      body: testBody,
      handle: async ({ params, body, who, now }): Promise<Answer> => {
        const connected = channels.get(params.id);
        const conversation = await conversationById(db, body.conversation);
        if (!connected || conversation?.account !== params.id) return missing('conversation of this account');
        const message = await db.transaction().execute(async (tx) => {
          await audited(tx, {
            who,
            what: 'account-test-sent',
            subject: params.id,
            detail: { conversation: conversation.id },
          });
          return sendTestMessage(tx, { queue: operations.queue, log }, connected, conversation, body.text, now);
        });
        return { status: 202, body: { message } };
      },
    }),
    endpoint({
      method: 'get',
      path: '/test-messages/:message',
      may: 'accounts.test',
      params: z.object({ message: z.coerce.number().int().positive() }),
      handle: async ({ params }) => {
        const parts = await db
          .selectFrom('reply_parts')
          .select(['state', 'reason'])
          .where('message', '=', params.message)
          .orderBy('position')
          .execute();
        return parts[0] ? fine({ state: parts[0].state, reason: parts[0].reason }) : missing('message');
      },
    }),
  ];
}

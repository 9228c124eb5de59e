import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { WhatsAppAccount } from './account.ts';
import { post } from './send.ts';

/** Courtesies: when one fails, nobody needs to know. Both name the message that has been read, and all older ones with it. */
const act =
  (more: Record<string, unknown>) =>
  async (_to: PlatformUserId, account: WhatsAppAccount, tools: Tools, latest?: MessageId): Promise<void> => {
    if (latest === undefined) return;
    await post({ messaging_product: 'whatsapp', status: 'read', message_id: latest, ...more }, account, tools);
  };

/** Shown for 25 seconds, or until a message arrives. It cannot be shown without saying that the message was read. */
export const showTyping = act({ typing_indicator: { type: 'text' } });
export const markSeen = act({});

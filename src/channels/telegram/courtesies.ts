import type { PlatformUserId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { TelegramAccount } from './account.ts';
import { callBot, troubleOfHarmless } from './client.ts';

/** Telegram takes the sign away by itself after 5 seconds, or when a message arrives. When it fails, nobody needs to know. */
export async function showTyping(to: PlatformUserId, account: TelegramAccount, tools: Tools): Promise<void> {
  await callBot('sendChatAction', { chat_id: to, action: 'typing' }, account, tools);
}

const sorry = 'This bot answers in private chats only, so it leaves this one. Please write to it directly.';

/** Says so once, where it may speak, and leaves. A chat in which the bot is no longer is left already. */
export async function declineGroup(
  { chat }: { chat: string },
  account: TelegramAccount,
  tools: Tools,
): Promise<Outcome<void>> {
  await callBot('sendMessage', { chat_id: chat, text: sorry }, account, tools);
  const left = await callBot('leaveChat', { chat_id: chat }, account, tools);
  if (left.kind === 'success') return done(undefined);
  const outside = left.kind === 'refusal' && (left.code === 400 || left.code === 403);
  return outside ? done(undefined) : troubleOfHarmless(left);
}

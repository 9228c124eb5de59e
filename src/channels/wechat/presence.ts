import type { PlatformUserId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { WeChatAccount } from './account.ts';
import { askWeChat } from './client.ts';

/** A courtesy: when it fails, nobody needs to know. WeChat takes it away by itself after 15 seconds. */
export async function showTyping(to: PlatformUserId, account: WeChatAccount, tools: Tools): Promise<void> {
  const body = { touser: to, command: 'Typing' };
  await askWeChat({ method: 'POST', path: '/cgi-bin/message/custom/typing', body }, account, tools);
}

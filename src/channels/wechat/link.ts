import type { LinkOffer, LinkWanted } from '../channel.ts';
import type { WeChatAccount } from './account.ts';
import { askWeChat } from './client.ts';
import { word } from './wire.ts';

/** WeChat keeps a temporary code from a minute to 30 days. */
const shortest = 60;
const longest = 2_592_000;

/**
 * A QR code with the token as its scene ("Generating parametric QR codes"), as the address of its picture: whoever scans it and
 * follows, or follows already, brings the scene. A verified account may make them.
 */
export async function linkFor(
  account: WeChatAccount,
  token: string,
  { forMs, tools }: Pick<LinkWanted, 'forMs' | 'tools'>,
): Promise<LinkOffer> {
  const body = {
    expire_seconds: Math.min(longest, Math.max(shortest, Math.ceil(forMs / 1_000))),
    action_name: 'QR_STR_SCENE',
    action_info: { scene: { scene_str: token } },
  };
  const answer = await askWeChat({ method: 'POST', path: '/cgi-bin/qrcode/create', body }, account, tools);
  if (answer.result !== 'done') return { failed: answer.why };
  const ticket = word(answer.value, 'ticket');
  if (ticket === undefined) return { failed: 'WeChat answered without a code.' };
  return { url: `https://mp.weixin.qq.com/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}` };
}

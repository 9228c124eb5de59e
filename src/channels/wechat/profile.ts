import type { PlatformUserId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Profile } from '../../domain/person.ts';
import type { Tools } from '../../kit/tools.ts';
import { defined } from '../shared/json.ts';
import type { WeChatAccount } from './account.ts';
import { askWeChat } from './client.ts';
import { number, text, word } from './wire.ts';

/** Of nobody, or of nobody that follows the account. */
const unknown = ['40003', '46004', '50005'];

/**
 * "Get a user's basic information". Since December 2021 WeChat leaves names and pictures empty; then the remark that
 * colleagues wrote in the admin page is the name. `unionid` is there where the account belongs to an Open Platform account.
 */
export async function fetchProfile(
  user: PlatformUserId,
  account: WeChatAccount,
  tools: Tools,
): Promise<Outcome<Profile>> {
  const call = { method: 'GET', path: '/cgi-bin/user/info', query: { openid: user, lang: 'en' } } as const;
  const answer = await askWeChat(call, account, tools);
  if (answer.result === 'never' && unknown.includes(answer.code ?? '')) return done({});
  if (answer.result !== 'done') return answer;
  const json = answer.value;
  const unionid = word(json, 'unionid');
  const aliases = unionid === undefined ? {} : { aliases: { unionid } };
  // Who does not follow has told nothing else.
  if (number(json, 'subscribe') === 0) return done(aliases);
  return done({
    ...defined({
      name: text(json, 'nickname') ?? text(json, 'remark'),
      pictureUrl: text(json, 'headimgurl'),
      locale: text(json, 'language'),
    }),
    ...aliases,
  });
}

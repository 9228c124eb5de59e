import { done, type Outcome } from '../../domain/outcome.ts';
import type { HandedOut } from '../../kit/shared-tokens.ts';
import type { Tools } from '../../kit/tools.ts';
import type { JsonRecord } from '../shared/json.ts';
import type { WeChatAccount } from './account.ts';
import { number, word } from './wire.ts';

type Ask = (account: WeChatAccount, tools: Tools, force: boolean) => Promise<Outcome<JsonRecord>>;

/**
 * The access token, shared by all replicas. The stable one is asked for: with the older API each new token ends the one
 * before, also that of the company's other programs. `refused` is one that WeChat no longer takes.
 */
export function accessToken(
  account: WeChatAccount,
  tools: Tools,
  ask: Ask,
  refused?: string,
): Promise<Outcome<string>> {
  return tools.tokens.get(`wechat:${account.appId}`, () => renewed(account, tools, ask, refused), refused);
}

/** WeChat hands out the token it gave before. Only where that is the one it refuses, another is forced: 20 times a day. */
async function renewed(
  account: WeChatAccount,
  tools: Tools,
  ask: Ask,
  refused: string | undefined,
): Promise<Outcome<HandedOut>> {
  const given = handedOut(await ask(account, tools, false));
  if (given.result !== 'done' || given.value.token !== refused) return given;
  return handedOut(await ask(account, tools, true));
}

function handedOut(answer: Outcome<JsonRecord>): Outcome<HandedOut> {
  if (answer.result !== 'done') return answer;
  const token = word(answer.value, 'access_token');
  const seconds = number(answer.value, 'expires_in');
  if (token === undefined || seconds === undefined)
    return { result: 'later', why: 'WeChat answered without an access token.' };
  return done({ token, holdsMs: seconds * 1000 });
}

import { done, type Outcome } from '../../../domain/outcome.ts';
import type { Tools } from '../../../kit/tools.ts';
import type { HelpdeskConnection } from '../../called.ts';
import type { ZendeskAccount } from '../account.ts';

/** Asks Zendesk whether a push token is good for an integration account (`POST /any_channel/validate_token`). */
export async function tryToken(
  account: Pick<ZendeskAccount, 'url'>,
  tools: Pick<Tools, 'http'>,
  { instance, token }: HelpdeskConnection,
): Promise<Outcome<void>> {
  const answer = await tools.http.request({
    method: 'POST',
    url: `${account.url}/api/v2/any_channel/validate_token`,
    headers: { authorization: `Bearer ${token.reveal()}`, 'content-type': 'application/json' },
    body: { instance_push_id: instance },
    timeoutMs: 8_000,
  });
  if (!answer.answered) return { result: 'later', why: `Zendesk did not answer: ${answer.why}` };
  if (answer.status < 300) return done(undefined);
  if (answer.status === 429 || answer.status >= 500)
    return { result: 'later', why: `Zendesk cannot say just now (${answer.status})` };
  return { result: 'account-broken', why: `Zendesk does not take the push token (${answer.status})` };
}

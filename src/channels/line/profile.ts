import type { PlatformUserId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Profile } from '../../domain/person.ts';
import type { Tools } from '../../kit/tools.ts';
import { asText, defined } from '../shared/json.ts';
import type { LineAccount } from './account.ts';
import { callLine } from './client.ts';
import { troubleOfRepeatable } from './trouble.ts';

/** "Get profile". LINE tells nothing of whom is no friend of the account, has blocked it, or has not consented: 404. */
export async function fetchProfile(
  user: PlatformUserId,
  account: LineAccount,
  tools: Tools,
): Promise<Outcome<Profile>> {
  const answer = await callLine({ method: 'GET', path: `/v2/bot/profile/${encodeURIComponent(user)}` }, account, tools);
  if (answer.kind === 'refusal' && answer.refusal.status === 404) return done({});
  if (answer.kind !== 'success') return troubleOfRepeatable(answer);
  const { json } = answer;
  return done(
    defined({
      name: asText(json['displayName']),
      pictureUrl: asText(json['pictureUrl']),
      locale: asText(json['language']),
    }),
  );
}

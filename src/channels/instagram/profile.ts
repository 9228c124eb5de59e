import type { PlatformUserId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Profile } from '../../domain/person.ts';
import type { Tools } from '../../kit/tools.ts';
import type { GraphAnswer } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asText, defined, type JsonRecord } from '../shared/json.ts';
import { callInstagram } from './access.ts';
import type { InstagramAccount } from './account.ts';
import { instagramErrors } from './error-rules.ts';

/**
 * Who the customer is (Instagram Platform, "User Profile API"). Told only once they wrote in a chat or tapped something;
 * before that there is no profile. Many have no name; everybody has a user name.
 */
export async function fetchProfile(
  user: PlatformUserId,
  account: InstagramAccount,
  tools: Tools,
): Promise<Outcome<Profile>> {
  const query = { fields: 'name,username,profile_pic' };
  const path = `/${encodeURIComponent(user)}`;
  const answer = await callInstagram({ method: 'GET', canWait: true, path, query }, account, tools);
  if (answer.kind === 'success') return done(profileOf(answer.json));
  return tellsNothing(answer) ? done({}) : troubleOfHarmless(answer, instagramErrors);
}

/** Codes of a missing permission or consent; subcodes: no such user for this app or account. */
const withoutProfile = { codes: [10, 200, 230], subcodes: [33, 2534014, 2018218, 2018247] };

const tellsNothing = (answer: GraphAnswer): boolean =>
  answer.kind === 'refusal' &&
  (withoutProfile.codes.includes(answer.refusal.code ?? 0) ||
    withoutProfile.subcodes.includes(answer.refusal.subcode ?? 0));

const profileOf = (json: JsonRecord): Profile =>
  defined({
    name: asText(json['name']) ?? asText(json['username']),
    pictureUrl: asText(json['profile_pic']),
  });

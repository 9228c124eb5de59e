import type { PlatformUserId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Profile } from '../../domain/person.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph, type GraphAnswer, type Refusal } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asText, defined, type JsonRecord } from '../shared/json.ts';
import { accessOf, type MessengerAccount } from './account.ts';

const names = 'first_name,last_name,name,profile_pic';

/**
 * Who the customer is (Messenger Platform, "User Profile API"). Names and picture need Business Asset User Profile
 * Access, the locale its own permission; without them, and for accounts with a phone number only, there is no profile.
 */
export async function fetchProfile(
  user: PlatformUserId,
  account: MessengerAccount,
  tools: Tools,
): Promise<Outcome<Profile>> {
  const ask = (fields: string) =>
    callGraph(
      { method: 'GET', canWait: true, path: `/${encodeURIComponent(user)}`, query: { fields } },
      accessOf(account),
      tools,
    );
  const full = await ask(`${names},locale`);
  // One field without permission may spoil the whole answer, so the one most often missing is left out.
  const answer = notPermitted(full) ? await ask(names) : full;
  if (answer.kind === 'success') return done(profileOf(answer.json));
  return notPermitted(answer) ? done({}) : troubleOfHarmless(answer);
}

/** Codes of a missing permission; subcodes: no profile, permission missing, no such user for this app. */
const withoutProfile = { codes: [10, 200, 230], subcodes: [33, 2018218, 2018247, 2018001] };

const notPermitted = (answer: GraphAnswer): boolean => answer.kind === 'refusal' && tellsNothing(answer.refusal);

function tellsNothing({ code, subcode }: Refusal): boolean {
  return withoutProfile.codes.includes(code ?? 0) || withoutProfile.subcodes.includes(subcode ?? 0);
}

function profileOf(json: JsonRecord): Profile {
  const firstName = asText(json['first_name']);
  const lastName = asText(json['last_name']);
  const joined = [firstName, lastName].filter((name) => name !== undefined).join(' ');
  return defined({
    name: asText(json['name']) ?? asText(joined),
    firstName,
    lastName,
    pictureUrl: asText(json['profile_pic']),
    locale: asText(json['locale']),
  });
}

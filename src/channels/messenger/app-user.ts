import type { PlatformUserId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { Secret } from '../../kit/secret.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asList, asRecord, asText } from '../shared/json.ts';
import { accessOf, type MessengerAccount } from './account.ts';

/**
 * The page's own id of somebody whom the app knows by another (Messenger Platform, "ID Matching API": asked with the app's
 * token, and only where app and page are of the same business).
 */
export async function findAppUser(
  user: string,
  account: MessengerAccount,
  tools: Tools,
): Promise<Outcome<PlatformUserId[]>> {
  const token = new Secret(`${account.appId}|${account.appSecret.reveal()}`);
  const answer = await callGraph(
    { method: 'GET', path: `/${encodeURIComponent(user)}/ids_for_pages`, query: { page: account.pageId } },
    { ...accessOf(account), token },
    tools,
  );
  if (answer.kind !== 'success') return troubleOfHarmless(answer);
  const ids = asList(answer.json['data']).flatMap((each) => {
    const row = asRecord(each);
    const ofPage = asText(asRecord(row?.['page'])?.['id']);
    return ofPage === undefined || ofPage === account.pageId ? (asText(row?.['id']) ?? []) : [];
  });
  return done(ids as PlatformUserId[]);
}

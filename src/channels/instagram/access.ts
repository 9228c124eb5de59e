import { days, hours } from '../../domain/duration.ts';
import { done } from '../../domain/outcome.ts';
import { sha256Hex } from '../../kit/crypto.ts';
import { Secret } from '../../kit/secret.ts';
import type { HandedOut } from '../../kit/shared-tokens.ts';
import type { Tools } from '../../kit/tools.ts';
import { callGraph, type GraphAccess, type GraphAnswer, type GraphCall } from '../shared/graph/client.ts';
import { asNumber, asText } from '../shared/json.ts';
import { apiUrlOf, type InstagramAccount, loginOf } from './account.ts';

/** Calls Meta once for this account, by whichever login it was connected. */
export const callInstagram = async (call: GraphCall, account: InstagramAccount, tools: Tools): Promise<GraphAnswer> =>
  callGraph(call, await accessOf(account, tools), tools);

async function accessOf(account: InstagramAccount, tools: Tools): Promise<GraphAccess> {
  const { token, appSecret } = account;
  // Only graph.facebook.com documents a proof of the app secret.
  if (loginOf(account) === 'facebook') return { ...whereOf(account), token, appSecret };
  const kept = await tools.tokens.get<never>(keyOf(account), (last) => renewed(last, account, tools));
  return { ...whereOf(account), token: new Secret(kept.value) };
}

const whereOf = (account: InstagramAccount) => ({ apiUrl: apiUrlOf(account), apiVersion: account.apiVersion });

/** A new token in the configuration begins anew. */
const keyOf = ({ id, token }: InstagramAccount): string => `instagram:${id}:${sha256Hex(token.reveal()).slice(0, 16)}`;

/** A token must be a day old to be renewed; how old the configured one is nobody knows. */
const firstHolds = days(1);
/** After a failure the token is still good for a month, so that there is time to try. */
const triedAgain = hours(6);

/**
 * Long-lived tokens end after 60 days, and are renewed by themselves (Instagram Platform, "Refresh a long-lived token"). They
 * are at half of their life. The old one stays good, so that a failure here is none of the call that is waiting.
 */
async function renewed(
  last: string | undefined,
  account: InstagramAccount,
  tools: Tools,
): Promise<{ result: 'done'; value: HandedOut }> {
  if (last === undefined) return done({ token: account.token.reveal(), holdsMs: firstHolds });
  const query = { grant_type: 'ig_refresh_token' };
  const call = { method: 'GET', path: '/refresh_access_token', unversioned: true, query } as const;
  const answer = await callGraph(call, { ...whereOf(account), token: new Secret(last) }, tools);
  const token = answer.kind === 'success' ? asText(answer.json['access_token']) : undefined;
  const seconds = answer.kind === 'success' ? asNumber(answer.json['expires_in']) : undefined;
  if (token === undefined || seconds === undefined) {
    tools.log.warn('instagram.token-not-renewed', { account: account.id, result: answer.kind });
    return done({ token: last, holdsMs: triedAgain });
  }
  return done({ token, holdsMs: Math.max(triedAgain, seconds * 500) });
}

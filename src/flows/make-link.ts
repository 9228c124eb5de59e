import { randomBytes } from 'node:crypto';
import type { LinkWanted } from '../channels/channel.ts';
import { linkToken } from '../domain/link-token.ts';
import { hmacSha256, sha256 } from '../kit/crypto.ts';
import type { Tools } from '../kit/tools.ts';
import type { Database } from '../store/database.ts';
import { addLink, type Link, type LinkGiven } from '../store/links.ts';
import { serviceKey } from '../store/service-keys.ts';
import type { ConnectedChannel } from './world.ts';

export interface LinkWish extends LinkGiven {
  /** Only for this channel account; else for each that can. */
  account?: string;
  /** Stands before the token where the customer sends it as a text. */
  greeting: string;
  /** In milliseconds. */
  expiresIn: number;
  /** The key that asks, and its Idempotency-Key. */
  madeBy: string;
  requestKey?: string;
}

export type Lacking = { account: string; kind: string } & ({ needs: string } | { failed: string });

export interface MadeLink {
  link: Link;
  token: string;
  /** Where the customer opens it. */
  urls: { account: string; kind: string; url: string }[];
  /** Accounts of channels that can, but lack a setting, or whose platform made no link now. */
  without: Lacking[];
  repeated: boolean;
}

/** `no-account`: there is none of that name; `no-link`: no account can; `other-request`: the key was used for another one. */
export type LinkRefused = { refused: 'no-account' | 'no-link' | 'other-request'; lacks?: Lacking };

/**
 * Makes a link that ties whoever opens it to one customer of the shop. Only the token's hash is kept; asked again with the
 * same Idempotency-Key it is the same link with the same token, for then the token is drawn from that key and one of ours.
 */
export async function makeLink(
  db: Database,
  channels: ReadonlyMap<string, ConnectedChannel>,
  wish: LinkWish,
  now: Date,
  tools: Tools,
): Promise<MadeLink | LinkRefused> {
  if (wish.account !== undefined && !channels.has(wish.account)) return { refused: 'no-account' };
  const token = linkToken(await tokenBytes(db, wish));
  const wanted = { greeting: wish.greeting, forMs: wish.expiresIn, tools };
  const asked = [...channels.values()]
    .filter(({ account }) => wish.account === undefined || account.id === wish.account)
    .map((connected) => offer(connected, token, wanted));
  const offered = (await Promise.all(asked)).flat();
  const urls = offered.flatMap((each) => ('url' in each ? [each] : []));
  const without = offered.flatMap((each) => ('url' in each ? [] : [each]));
  if (urls.length === 0) return { refused: 'no-link', ...(without[0] ? { lacks: without[0] } : {}) };
  const { greeting: _, expiresIn, requestKey, account: __, ...given } = wish;
  const added = await addLink(db, {
    ...given,
    id: `lnk_${randomBytes(9).toString('base64url')}`,
    accounts: urls.map(({ account }) => account),
    expiresAt: new Date(now.getTime() + expiresIn),
    tokenDigest: sha256(token),
    requestDigest: sha256(JSON.stringify([...Object.entries(wish)].sort())),
    ...(requestKey === undefined ? {} : { requestKey: sha256(requestKey) }),
  });
  if ('other' in added) return { refused: 'other-request' };
  const { link, repeated } = added;
  return { link, token, urls: urls.filter(({ account }) => link.accounts.includes(account)), without, repeated };
}

async function tokenBytes(db: Database, { madeBy, requestKey }: LinkWish): Promise<Buffer> {
  if (requestKey === undefined) return randomBytes(16);
  const key = await serviceKey(db, 'links');
  return hmacSha256(key.toString('hex'), JSON.stringify([madeBy, requestKey])).subarray(0, 16);
}

async function offer({ channel, account }: ConnectedChannel, token: string, wanted: LinkWanted) {
  const link = await channel.linkFor?.(account, token, wanted);
  return link ? [{ account: account.id as string, kind: channel.kind, ...link }] : [];
}

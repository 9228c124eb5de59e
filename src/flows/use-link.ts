import type { ConsentSource } from '../domain/consent.ts';
import { hours } from '../domain/duration.ts';
import type { InboundEvent } from '../domain/event.ts';
import type { ToldFact } from '../domain/fact.ts';
import { sha256 } from '../kit/crypto.ts';
import { type Conversation, conversationById, learn } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { customersWith, learnFacts } from '../store/facts.ts';
import { identifyAs } from '../store/identities.ts';
import { lockActs } from '../store/link-acts.ts';
import { type Link, linkByToken, linkUsed, wrongToken, wrongTokens } from '../store/links.ts';
import { lockConversation } from '../store/locks.ts';
import { addMessage } from '../store/messages.ts';
import type { LinkOutcome } from './meters.ts';
import { type SameCustomer, sameCustomer } from './same-customer.ts';
import { takeConsent } from './take-consent.ts';
import { type ConnectedChannel, helpdeskOf, type World } from './world.ts';

/** Tokens that nobody gave out, of one platform user in an hour; after that even a right one is not looked at. */
const mostWrong = 5;
const within = hours(1);

/** What using a link needs of the world. */
export type LinkWorld = Pick<World, 'tools' | 'meters' | 'queue' | 'channels' | 'mapping' | 'notices'>;

/**
 * A platform user came with the token of a signed link. The first time, in time, and through an account it was made for, it
 * says who they are at the shop. Anything else does nothing but tell the agents. Returns the conversation as it is then.
 */
export async function useLink(
  tx: Tx,
  world: LinkWorld,
  connected: ConnectedChannel,
  conversation: Conversation,
  event: InboundEvent,
  token: string,
): Promise<Conversation> {
  const { clock, log } = world.tools;
  const now = clock.now();
  const since = new Date(now.getTime() - within);
  const tooMany = (await wrongTokens(tx, conversation, since)) >= mostWrong;
  const link = tooMany ? undefined : await linkByToken(tx, sha256(token));
  const outcome = tooMany ? 'too-many' : judged(link, conversation, now);
  if (outcome === 'unknown') await wrongToken(tx, conversation, since, now);
  const key = `${event.type}:${event.id}`;
  const told =
    link && outcome === 'used'
      ? await tie(tx, world, conversation, link, { key, at: event.at, now })
      : refusals[outcome];
  if (link && outcome === 'used') await agreeTo(tx, world, connected, conversation.id, event, link);
  await noteLink(tx, connected, conversation, event, key, told);
  world.meters.link(outcome);
  log.info('link.came', { account: conversation.account, conversation: conversation.id, link: link?.id, outcome });
  return (await conversationById(tx, conversation.id))!;
}

/** What the shop's page had them agree to by opening it, each with the words that were shown. */
async function agreeTo(
  tx: Tx,
  { notices }: Pick<World, 'notices'>,
  { channel }: ConnectedChannel,
  conversation: number,
  event: InboundEvent,
  { consents = [], madeBy }: Link,
): Promise<void> {
  if (consents.length === 0) return;
  const { customer, account, platformUser } = (await conversationById(tx, conversation))!;
  const place = { account, platformUser, event: `${event.type}:${event.id}` };
  for (const { purpose, words } of consents)
    await takeConsent(tx, notices, {
      ...{ customer: customer.id, channel: channel.kind, purpose, act: 'granted', words, at: event.at, ...place },
      source: sourceOf(event),
      by: `shop:${madeBy}`,
    });
}

const sourceOf = (event: InboundEvent): ConsentSource => {
  if (event.type === 'opt-in') return event.userRef === undefined ? 'page-button' : 'checkbox';
  return event.type === 'message' && event.referral?.type === 'prior_message' ? 'checkbox' : 'link';
};

function judged(link: Link | undefined, { account, platformUser }: Conversation, now: Date): LinkOutcome {
  if (!link) return 'unknown';
  if (!link.accounts.includes(account)) return 'other-account';
  const { used } = link;
  if (used) return used.account === account && used.platformUser === platformUser ? 'again' : 'used-before';
  return link.expiresAt <= now ? 'expired' : 'used';
}

const nothingCame = 'It says nothing of who the customer is.';
const refusals: Record<LinkOutcome, string> = {
  used: '',
  again: 'The customer opened the shop’s link once more. It was theirs already.',
  'used-before': `The customer came with a link of the shop that somebody else had used before. ${nothingCame}`,
  expired: `The customer came with a link of the shop after its time. ${nothingCame}`,
  'other-account': `The customer came with a link of the shop that was made for another account. ${nothingCame}`,
  unknown: `The customer came with a link that the shop never gave. ${nothingCame}`,
  'too-many': `The customer came with too many links that the shop never gave; for an hour none is looked at. ${nothingCame}`,
};

interface Arrived {
  key: string;
  at: Date;
  now: Date;
}

/** Returns what agents are told. */
async function tie(
  tx: Tx,
  world: LinkWorld,
  conversation: Conversation,
  link: Link,
  arrived: Arrived,
): Promise<string> {
  const { account, platformUser, customer } = conversation;
  await lockActs(tx);
  // Two that come at once with links of one shop customer must see each other.
  await lockConversation(tx, `shop-customer:${link.shopCustomer}`);
  const others = (await customersWith(tx, 'shop-customer', link.shopCustomer, 'shop-api')).filter(
    (other) => other !== customer.id,
  );
  const source = { account, platformUser, event: arrived.key, at: arrived.at };
  const told = (await learnFacts(tx, customer.id, factsOfLink(link), source)).map(({ id }) => id);
  const by = `shop:${link.madeBy}`;
  const identity = { account, platformUser, evidence: 'signed-link', by, event: arrived.key, at: arrived.at } as const;
  await identifyAs(tx, { ...identity, customer: customer.id });
  const doer = { who: by, why: 'the customer opened a link of the shop', now: arrived.now };
  const joined = await joinTo(tx, world, conversation, others, { told, doer });
  const whose = joined === 'joined' ? others[0]! : customer.id;
  if (link.name && joined !== 'joined' && !customer.profile.name) await learn(tx, whose, { name: link.name });
  await linkUsed(tx, link.id, { at: arrived.now, account, platformUser, customer: whose, event: arrived.key });
  return [
    tied(link),
    ...(joined === 'asked' ? [askedAbout(customer.id, others)] : []),
    ...(link.note ? [`The shop adds: ${link.note}`] : []),
  ].join('\n');
}

async function joinTo(
  tx: Tx,
  world: LinkWorld,
  conversation: Conversation,
  others: readonly number[],
  found: Pick<SameCustomer, 'told' | 'doer'>,
): Promise<'joined' | 'asked' | undefined> {
  const [other, ...more] = others;
  if (other === undefined) return undefined;
  if (more.length > 0) return 'asked';
  const now = (await conversationById(tx, conversation.id))!;
  return sameCustomer(tx, world, { conversation: now, other, evidence: 'signed-link', ...found });
}

const factsOfLink = (link: Link): ToldFact[] => {
  const by = { evidence: 'signed-link', by: `shop:${link.madeBy}` } as const;
  return [
    { kind: 'shop-customer', value: link.shopCustomer, ...by },
    ...(link.email ? [{ kind: 'email', value: link.email, ...by } as const] : []),
    ...(link.phone ? [{ kind: 'phone', value: link.phone, ...by } as const] : []),
  ];
};

const tied = ({ shopCustomer, email, phone }: Link): string =>
  `The customer opened the shop’s link: they are customer ${[shopCustomer, email, phone].filter(Boolean).join(', ')} there.`;
const askedAbout = (customer: number, others: readonly number[]): string =>
  `Somebody else who writes here is that customer of the shop, too. Whether they are one person has to be decided by somebody; an administrator joins them by “passerelle links join ${others[0]} ${customer}”.`;

async function noteLink(
  tx: Tx,
  connected: ConnectedChannel,
  { id }: Conversation,
  event: InboundEvent,
  key: string,
  text: string,
): Promise<void> {
  await addMessage(
    tx,
    {
      conversation: id,
      kind: 'note',
      author: 'service',
      platformId: `link:${key}`,
      parts: [{ type: 'text', text }],
      detail: { forNextTicket: true },
      at: event.at,
    },
    [helpdeskOf(connected)],
  );
}

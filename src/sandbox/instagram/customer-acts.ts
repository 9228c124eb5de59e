import type { CustomerPart } from '../contract.ts';
import * as messenger from '../messenger/customer-acts.ts';
import { customerOf, newMid, newNumericId, type StoredBubble } from '../messenger/state.ts';
import { echoOf } from './send-api.ts';
import type { InstagramWorld } from './world.ts';

type Json = Record<string, unknown>;

/** Customers write as in Messenger; only what they share is told otherwise. */
export const customerSends = (
  world: InstagramWorld,
  user: string,
  part: CustomerPart,
  options: { replyTo?: string; at?: Date } = {},
): Promise<string> =>
  messenger.customerSends({ ...world, tell: (item) => world.tell(withPosts(item)) }, user, part, options);

export const customerReacts = (world: InstagramWorld, user: string, mid: string, emoji: string): Promise<void> =>
  messenger.customerReacts(world, user, mid, emoji);

function withPosts(item: Json): Json {
  const message = item['message'] as { attachments?: { type: string; payload: Json }[] } | undefined;
  if (!message?.attachments) return item;
  const attachments = message.attachments.map(({ type, payload }) =>
    type === 'fallback'
      ? { type: 'ig_post', payload: { ig_post_media_id: newNumericId(), ...payload } }
      : { type, payload },
  );
  return { ...item, message: { ...message, attachments } };
}

const fromCustomer = (world: InstagramWorld, user: string): Json => ({
  sender: { id: user },
  recipient: { id: world.options.pageId },
  timestamp: Date.now(),
});

/** The newest message is named; no other. */
export async function customerReads(world: InstagramWorld, user: string): Promise<void> {
  const received = customerOf(world.state, user).bubbles.filter(({ from }) => from !== 'customer');
  for (const bubble of received) Object.assign(bubble, { delivered: true, read: true });
  world.changed();
  const mid = received.at(-1)?.mid;
  if (mid !== undefined) await world.tell({ ...fromCustomer(world, user), read: { mid } });
}

export async function customerUnsends(world: InstagramWorld, user: string, mid: string): Promise<void> {
  const customer = customerOf(world.state, user);
  customer.bubbles = customer.bubbles.filter((bubble) => bubble.mid !== mid);
  world.changed();
  await world.tell({ ...fromCustomer(world, user), message: { mid, is_deleted: true } });
}

/** The customer writes under a post, which opens no window. Returns the comment's id. */
export async function customerComments(
  world: InstagramWorld,
  user: string,
  text: string,
  { at = new Date() }: { at?: Date } = {},
): Promise<string> {
  const customer = customerOf(world.state, user);
  const id = newNumericId();
  world.comments.set(id, { user, at: at.getTime(), answered: false });
  const media = { id: '17900000000000001', media_product_type: 'FEED' };
  await world.tellChange('comments', { id, text, from: { id: user, username: usernameOf(customer.name) }, media }, at);
  return id;
}

/** Somebody answers in the Instagram app. */
export async function inboxReplies(world: InstagramWorld, user: string, text: string): Promise<string> {
  const customer = customerOf(world.state, user);
  const bubble: StoredBubble = {
    mid: newMid(),
    from: 'inbox',
    at: new Date(),
    text,
    attachments: [],
    delivered: false,
    read: false,
    reactions: [],
  };
  customer.bubbles.push(bubble);
  world.changed();
  await world.tell(echoOf(world, customer, bubble));
  return bubble.mid;
}

export const usernameOf = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]+/g, '.');

import { GraphError, invalid } from '../messenger/graph-error.ts';
import { linkTo } from '../messenger/media.ts';
import { type Customer, newMid, type StoredAttachment, type StoredBubble } from '../messenger/state.ts';
import { checkContent, checkRight } from './send-rules.ts';
import type { Comment, InstagramWorld } from './world.ts';

type Json = Record<string, unknown>;

/** Meta answers a send even where the echo is slow to be taken. */
const echoWithinMs = 1_000;
const typingLastsMs = 20_000;

interface Recipient {
  customer: Customer;
  comment?: Comment;
}

/** POST /me/messages: a message, a private reply to a comment, or a sender action. */
export async function acceptMessage(world: InstagramWorld, body: unknown): Promise<Json> {
  const request = record(body) ?? {};
  const { customer, comment } = recipientOf(world, request);
  if (customer.blocked) throw new GraphError("(#551) This person isn't available right now.", 551, 1545041);
  if (request['sender_action'] !== undefined) return act(world, customer, request);
  const message = record(request['message']);
  if (!message) throw invalid('The parameter message is required');
  const tag = comment ? undefined : checkRight(world.options, customer, request);
  const bubble = await bubbleOf(world, customer, request, message, tag);
  if (comment) comment.answered = true;
  customer.bubbles.push(bubble);
  customer.typingUntil = 0;
  world.changed();
  await Promise.race([world.tell(echoOf(world, customer, bubble)), later(echoWithinMs)]);
  return { recipient_id: customer.psid, message_id: bubble.mid };
}

const week = 7 * 86_400_000;

function recipientOf(world: InstagramWorld, request: Json): Recipient {
  const recipient = record(request['recipient']);
  if (!recipient || Object.keys(recipient).length !== 1) throw invalid('Param recipient must have exactly one key');
  if (recipient['comment_id'] !== undefined) return authorOf(world, String(recipient['comment_id']));
  const customer = world.state.customers.get(String(recipient['id']));
  // Nobody can be written to who never wrote.
  if (customer?.lastContact === undefined) throw invalid('The requested user cannot be found.', 2534014);
  return { customer };
}

function authorOf(world: InstagramWorld, id: string): Recipient {
  const comment = world.comments.get(id);
  const customer = comment && world.state.customers.get(comment.user);
  if (!customer) throw new GraphError('(#10903) This user cannot reply to this activity', 10903);
  if (comment.answered) throw new GraphError('(#10900) Activity already replied to', 10900);
  if (Date.now() - comment.at > week) throw new GraphError('(#10904) Activity is too old', 10904);
  return { customer, comment };
}

function act(world: InstagramWorld, customer: Customer, request: Json): Json {
  if (request['message'] !== undefined) throw invalid('A request has a message or a sender_action, not both');
  checkRight(world.options, customer, {});
  const action = request['sender_action'];
  if (action === 'typing_on') customer.typingUntil = Date.now() + typingLastsMs;
  else if (action === 'typing_off') customer.typingUntil = 0;
  else if (action === 'mark_seen') customer.seen = true;
  else throw invalid('Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN, REACT, UNREACT}');
  world.changed();
  return { recipient_id: customer.psid };
}

async function bubbleOf(
  world: InstagramWorld,
  customer: Customer,
  request: Json,
  message: Json,
  tag: string | undefined,
): Promise<StoredBubble> {
  const content = await checkContent(world, message);
  const replyTo = record(request['reply_to'])?.['mid'];
  if (replyTo !== undefined && !customer.bubbles.some(({ mid }) => mid === replyTo))
    throw invalid('Param reply_to[mid] is no message here');
  return {
    mid: newMid(),
    from: 'page',
    at: new Date(),
    // Instagram tells nobody of it; on the phone it is there at once.
    delivered: true,
    read: false,
    reactions: [],
    ...content,
    ...(replyTo === undefined ? {} : { replyTo: String(replyTo) }),
    ...(tag === undefined ? {} : { tag }),
  };
}

/** What is told of a message the account sent: neither by which app, nor anything it hid in it. */
export const echoOf = (world: InstagramWorld, customer: Customer, bubble: StoredBubble): Json => ({
  sender: { id: world.options.pageId },
  recipient: { id: customer.psid },
  timestamp: bubble.at.getTime(),
  message: {
    mid: bubble.mid,
    is_echo: true,
    ...(bubble.text === undefined || bubble.attachments.some(({ type }) => type === 'template')
      ? {}
      : { text: bubble.text }),
    ...(bubble.replyTo === undefined ? {} : { reply_to: { mid: bubble.replyTo } }),
    ...(bubble.attachments.length === 0
      ? {}
      : { attachments: bubble.attachments.map((attachment) => echoedAttachment(world, attachment)) }),
  },
});

const echoedAttachment = (world: InstagramWorld, { type, file, url }: StoredAttachment): Json => ({
  type,
  payload: { url: file ? linkTo(world, file) : url },
});

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

const record = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

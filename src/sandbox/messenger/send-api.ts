import { GraphError, invalid } from './graph-error.ts';
import { linkTo } from './media.ts';
import { checkContent, checkRight } from './send-rules.ts';
import { type Customer, newMid, type StoredAttachment, type StoredBubble, type World } from './state.ts';

type Json = Record<string, unknown>;

/** Meta answers a send even where the echo is slow to be taken. */
const echoWithinMs = 1_000;
const deliveredAfterMs = 40;
const typingLastsMs = 20_000;

/** POST /{page}/messages: a message, or a sender action. */
export async function acceptMessage(world: World, body: unknown): Promise<Json> {
  const request = record(body) ?? {};
  const customer = recipientOf(world, request);
  if (customer.blocked) throw new GraphError("(#551) This person isn't available right now.", 551, 1545041);
  if (customer.owner !== undefined) {
    throw new GraphError(
      '(#10) Message failed to send because another app is controlling this thread now.',
      10,
      2018300,
    );
  }
  if (request['sender_action'] !== undefined) return act(world, customer, request);
  const message = record(request['message']);
  if (!message) throw invalid('The parameter message is required');
  const tag = checkRight(world.options, customer, request);
  const bubble = bubbleOf(world, customer, request, message, tag);
  customer.bubbles.push(bubble);
  customer.typingUntil = 0;
  world.changed();
  await Promise.race([world.tell(echoOf(world, customer, bubble)), later(echoWithinMs)]);
  setTimeout(() => void confirmDelivery(world, customer, bubble), deliveredAfterMs).unref();
  return { recipient_id: customer.psid, message_id: bubble.mid };
}

function recipientOf(world: World, request: Json): Customer {
  const recipient = record(request['recipient']);
  if (!recipient || Object.keys(recipient).length !== 1) throw invalid('Param recipient must have exactly one key');
  const customer = world.state.customers.get(String(recipient['id']));
  // Nobody can be written to who never wrote.
  if (customer?.lastContact === undefined) throw invalid('No matching user found', 2018001);
  return customer;
}

function act(world: World, customer: Customer, request: Json): Json {
  if (request['message'] !== undefined) throw invalid('A request has a message or a sender_action, not both');
  checkRight(world.options, customer, { messaging_type: 'RESPONSE' });
  const action = request['sender_action'];
  if (action === 'typing_on') customer.typingUntil = Date.now() + typingLastsMs;
  else if (action === 'typing_off') customer.typingUntil = 0;
  else if (action === 'mark_seen') customer.seen = true;
  else throw invalid('Param sender_action must be one of {TYPING_ON, TYPING_OFF, MARK_SEEN}');
  world.changed();
  return { recipient_id: customer.psid };
}

function bubbleOf(
  world: World,
  customer: Customer,
  request: Json,
  message: Json,
  tag: string | undefined,
): StoredBubble {
  const { text, attachments, choices: buttons } = checkContent(world.state, message);
  const replyTo = repliedTo(customer, request['reply_to']);
  const metadata = message['metadata'];
  const choices = buttons ?? titlesOf(message['quick_replies']);
  return {
    mid: newMid(),
    from: 'page',
    at: new Date(),
    attachments,
    delivered: false,
    read: false,
    reactions: [],
    ...(text === undefined ? {} : { text }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(typeof metadata === 'string' ? { metadata } : {}),
    ...(tag === undefined ? {} : { tag }),
    ...(choices.length === 0 ? {} : { choices }),
  };
}

/** At most 13, with titles of at most 20 characters (Send API reference, Quick Replies). */
function titlesOf(json: unknown): string[] {
  if (json === undefined) return [];
  const titles = Array.isArray(json) ? json.map((reply) => record(reply)?.['title']) : [];
  if (titles.length === 0 || titles.length > 13)
    throw invalid('Param message[quick_replies] must hold 1 to 13 of them');
  return titles.map((title) => {
    if (typeof title !== 'string' || [...title].length > 20) throw invalid('Param title must be at most 20 characters');
    return title;
  });
}

function repliedTo(customer: Customer, json: unknown): string | undefined {
  if (json === undefined) return undefined;
  const mid = record(json)?.['mid'];
  if (!customer.bubbles.some((bubble) => bubble.mid === mid)) throw invalid('Param reply_to[mid] is no message here');
  return String(mid);
}

/** What Meta tells of a message the page sent; `app_id` is a number. A person in the inbox has another app's. */
export function echoOf(world: World, customer: Customer, bubble: StoredBubble, appId = world.options.appId): Json {
  const attachments = bubble.attachments.map((attachment) => echoedAttachment(world, attachment));
  return {
    sender: { id: world.options.pageId },
    recipient: { id: customer.psid },
    timestamp: bubble.at.getTime(),
    message: {
      mid: bubble.mid,
      is_echo: true,
      app_id: Number(appId),
      ...(bubble.metadata === undefined ? {} : { metadata: bubble.metadata }),
      // What a template says is not told.
      ...(bubble.text === undefined || isTemplate(bubble) ? {} : { text: bubble.text }),
      ...(bubble.replyTo === undefined ? {} : { reply_to: { mid: bubble.replyTo } }),
      ...(attachments.length === 0 ? {} : { attachments }),
    },
  };
}

const isTemplate = ({ attachments }: StoredBubble): boolean => attachments.some(({ type }) => type === 'template');

const echoedAttachment = (world: World, { type, file, url }: StoredAttachment): Json => ({
  type,
  payload: { url: file ? linkTo(world, file) : url },
});

export async function confirmDelivery(world: World, customer: Customer, bubble: StoredBubble): Promise<void> {
  // The simulator may have been reset meanwhile.
  if (world.state.customers.get(customer.psid) !== customer) return;
  bubble.delivered = true;
  world.changed();
  const delivery = { mids: [bubble.mid], watermark: bubble.at.getTime() };
  await world.tell({
    sender: { id: customer.psid },
    recipient: { id: world.options.pageId },
    timestamp: Date.now(),
    delivery,
  });
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

const record = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

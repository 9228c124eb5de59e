import { CloudError, invalid } from './cloud-error.ts';
import { type Json, record } from './json.ts';
import { type Content, checkContent, checkPace } from './send-rules.ts';
import { type Customer, newMessageId, type StoredBubble, type World } from './state.ts';
import { contactOf } from './webhook-body.ts';

const sentAfterMs = 10;
const deliveredAfterMs = 40;
const typingLastsMs = 25_000;
const windowMs = 24 * 3_600_000;

/** POST /{number}/messages: a message, or a mark that one was read. */
export function acceptMessage(world: World, json: unknown): Json {
  const body = record(json) ?? {};
  if (body['messaging_product'] !== 'whatsapp') throw invalid('The parameter messaging_product is required.');
  if (body['status'] !== undefined) return markRead(world, body);
  if (body['recipient_type'] === 'group') return acceptInGroup(world, body);
  const content = checkContent(world.state, body);
  const { customer, input } = recipientOf(world, body);
  if (customer) checkPace(customer);
  const bubble = bubbleOf(customer, body, content);
  const failure = failureOf(customer, content);
  if (customer && !failure) show(world, customer, bubble);
  const to = customer ?? { waId: input, userId: '', hidesNumber: false };
  setTimeout(() => void tellFate(world, to, bubble, failure), sentAfterMs).unref();
  const known = customer ? contactIds(customer) : { wa_id: input };
  return {
    messaging_product: 'whatsapp',
    contacts: [{ input, ...known }],
    messages: [{ id: bubble.mid, ...(content.template ? { message_status: 'accepted' } : {}) }],
  };
}

/** Whoever is not on WhatsApp is only told later; an id that is scoped to another business at once. */
function recipientOf(world: World, body: Json): { customer: Customer | undefined; input: string } {
  const all = [...world.state.customers.values()];
  if (typeof body['to'] === 'string' && body['to'] !== '') {
    const input = body['to'].replaceAll(/[^\d]/g, '');
    if (input === '') throw new CloudError(131009, 'Parameter value is not valid', 'to');
    return { customer: all.find(({ waId }) => waId === input), input };
  }
  const input = body['recipient'];
  if (typeof input !== 'string') throw new CloudError(131008, 'Required parameter is missing', 'to');
  const customer = all.find(({ userId }) => userId === input);
  if (!customer) throw new CloudError(131063, 'Recipient cannot be resolved', 'recipient');
  return { customer, input };
}

function acceptInGroup(world: World, body: Json): Json {
  checkContent(world.state, body);
  if (!/@g\.us$/.test(String(body['to']))) throw invalid('The group does not exist.');
  const contacts = [{ input: body['to'], wa_id: body['to'] }];
  return { messaging_product: 'whatsapp', contacts, messages: [{ id: newMessageId() }] };
}

function bubbleOf(customer: Customer | undefined, body: Json, { text, attachments, template }: Content): StoredBubble {
  const replyTo = record(body['context'])?.['message_id'];
  if (replyTo !== undefined && !customer?.bubbles.some(({ mid }) => mid === replyTo))
    throw new CloudError(131009, 'Parameter value is not valid', 'context[message_id]');
  const marker = body['biz_opaque_callback_data'];
  return {
    mid: newMessageId(),
    from: 'page',
    at: new Date(),
    attachments,
    delivered: false,
    read: false,
    reactions: [],
    ...(text === undefined ? {} : { text }),
    ...(typeof replyTo === 'string' ? { replyTo } : {}),
    ...(typeof marker === 'string' ? { metadata: marker } : {}),
    ...(template ? { tag: 'TEMPLATE' } : {}),
  };
}

interface Failure {
  code: number;
  title: string;
  details: string;
}

/** What WhatsApp finds out only after it took the message. */
function failureOf(customer: Customer | undefined, { template }: Content): Failure | undefined {
  if (!customer || customer.blocked)
    return { code: 131026, title: 'Message undeliverable', details: 'Message Undeliverable.' };
  if (template || Date.now() - (customer.lastContact ?? 0) <= windowMs) return undefined;
  const details = 'Message failed to send because more than 24 hours have passed since the customer last replied.';
  return { code: 131047, title: 'Re-engagement message', details };
}

function show(world: World, customer: Customer, bubble: StoredBubble): void {
  customer.bubbles.push(bubble);
  customer.typingUntil = 0;
  world.changed();
}

type Recipient = Pick<Customer, 'waId' | 'userId' | 'hidesNumber'>;

async function tellFate(world: World, to: Recipient, bubble: StoredBubble, failure: Failure | undefined) {
  if (failure) {
    const { code, title, details } = failure;
    const errors = [{ code, title, message: title, error_data: { details }, href: 'https://developers.facebook.com/' }];
    return world.tell('messages', { statuses: [statusOf(to, bubble, 'failed', { errors })] });
  }
  await tellStatus(world, to as Customer, bubble, 'sent');
  setTimeout(() => {
    bubble.delivered = true;
    world.changed();
    void tellStatus(world, to as Customer, bubble, 'delivered');
  }, deliveredAfterMs).unref();
}

const pricing = { billable: true, pricing_model: 'PMP', type: 'regular', category: 'service' };

/** Nothing of a simulator that was reset meanwhile. */
export async function tellStatus(
  world: World,
  customer: Customer,
  bubble: StoredBubble,
  status: string,
): Promise<void> {
  if (world.state.customers.get(customer.waId) !== customer) return;
  const told = statusOf(customer, bubble, status, status === 'read' ? {} : { pricing });
  await world.tell('messages', { contacts: [contactOf(customer)], statuses: [told] });
}

const statusOf = (to: Recipient, bubble: StoredBubble, status: string, more: Json): Json => ({
  id: bubble.mid,
  status,
  timestamp: String(Math.floor(Date.now() / 1000)),
  ...(to.hidesNumber ? { recipient_user_id: to.userId } : { recipient_id: to.waId }),
  ...(bubble.metadata === undefined ? {} : { biz_opaque_callback_data: bubble.metadata }),
  ...more,
});

const contactIds = ({ waId, userId, hidesNumber }: Customer): Json =>
  hidesNumber ? { user_id: userId } : { wa_id: waId, user_id: userId };

function markRead(world: World, body: Json): Json {
  const typing = body['typing_indicator'];
  if (body['status'] !== 'read') throw invalid('Param status must be one of {READ}');
  if (typing !== undefined && record(typing)?.['type'] !== 'text') throw invalid('typing_indicator');
  const customer = [...world.state.customers.values()].find(({ bubbles }) =>
    bubbles.some(({ mid, from }) => mid === body['message_id'] && from === 'customer'),
  );
  if (!customer) throw new CloudError(131009, 'Parameter value is not valid', 'message_id');
  customer.seen = true;
  if (typing !== undefined) customer.typingUntil = Date.now() + typingLastsMs;
  world.changed();
  return { success: true };
}

import { linkTo } from './media.ts';
import type { Customer, StoredAttachment, StoredBubble, World } from './state.ts';

type Json = Record<string, unknown>;

/** Of older messages only id and time are told. */
const newestWithDetails = 20;

/** GET /{page}/conversations: of one customer if `user_id` says whose, newest message first. */
export function readConversations(world: World, query: Record<string, string>): Json {
  const customers = [...world.state.customers.values()].filter(
    (customer) => customer.bubbles.length > 0 && (query['user_id'] ?? customer.psid) === customer.psid,
  );
  return { data: customers.map((customer) => conversation(world, customer, query['fields'] ?? 'id')) };
}

function conversation(world: World, customer: Customer, fields: string): Json {
  const bubbles = [...customer.bubbles].reverse();
  const both = [person(customer), pageParty(world)];
  return {
    id: `t_${customer.psid}`,
    ...(fields.includes('participants') ? { participants: { data: both } } : {}),
    ...(fields.includes('messages')
      ? { messages: { data: bubbles.map((b, i) => message(world, customer, b, i)) } }
      : {}),
  };
}

function message(world: World, customer: Customer, bubble: StoredBubble, index: number): Json {
  const known = { id: bubble.mid, created_time: graphTime(bubble.at) };
  if (index >= newestWithDetails) return known;
  const [from, to] =
    bubble.from === 'customer' ? [person(customer), pageParty(world)] : [pageParty(world), person(customer)];
  const files = bubble.attachments.map((attachment) => attachmentView(world, attachment));
  return {
    ...known,
    from,
    to: { data: [to] },
    message: bubble.text ?? '',
    ...(files.length === 0 ? {} : { attachments: { data: files } }),
  };
}

/** Whole seconds, as the Graph API writes times. */
const graphTime = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/, '+0000');

const person = (customer: Customer): Json => ({ id: customer.psid, name: customer.name });
const pageParty = (world: World): Json => ({ id: world.options.pageId, name: world.options.pageName });

const attachmentView = (world: World, { file, url, name }: StoredAttachment): Json =>
  file
    ? {
        id: file.id,
        mime_type: file.contentType,
        name: file.name,
        size: file.bytes.length,
        file_url: linkTo(world, file),
      }
    : { name, file_url: url };

import { GraphError, invalid } from './graph-error.ts';
import { linkTo } from './media.ts';
import { type Selection, selectionOf } from './selection.ts';
import type { Customer, StoredAttachment, StoredBubble, World } from './state.ts';

type Json = Record<string, unknown>;

/** Of older messages only id and time are told. */
const newestWithDetails = 20;
/** What a page of a list holds when nobody says, and at most. */
const usualPage = 25;
const largestPage = 100;

const conversationFields = ['id', 'updated_time', 'participants', 'messages', 'message_count', 'link', 'senders'];
const messageFields = ['id', 'created_time', 'from', 'to', 'message', 'attachments', 'sticker', 'shares', 'tags'];

/** GET /{page}/conversations: latest change first; of one customer if `user_id` says whose. Newest message first. */
export function readConversations(world: World, query: Record<string, string>): Json {
  if ((query['platform'] ?? 'messenger') !== world.platform)
    throw invalid(`Param platform must be one of {${world.platform.toUpperCase()}}`);
  const fields = selectionOf(query['fields'] ?? 'id,updated_time');
  known(fields, conversationFields);
  const customers = [...world.state.customers.values()]
    .filter(({ psid, bubbles }) => bubbles.length > 0 && (query['user_id'] ?? psid) === psid)
    .sort((a, b) => changedAt(b).getTime() - changedAt(a).getTime());
  const list = pageOf(customers, query, ({ psid }) => psid);
  return { ...list, data: list.data.map((customer) => conversation(world, customer, fields)) };
}

const changedAt = ({ bubbles }: Customer): Date => new Date(Math.max(...bubbles.map(({ at }) => at.getTime())));

function conversation(world: World, customer: Customer, fields: Selection): Json {
  const both = [person(customer), pageParty(world)];
  const messages = fields.get('messages');
  return {
    id: `t_${customer.psid}`,
    ...(fields.has('updated_time') ? { updated_time: graphTime(changedAt(customer)) } : {}),
    ...(fields.has('participants') ? { participants: { data: both } } : {}),
    ...(messages ? { messages: messagesOf(world, customer, messages) } : {}),
  };
}

function messagesOf(world: World, customer: Customer, { fields, limit }: { fields: Selection; limit?: string }): Json {
  known(fields, messageFields);
  const newestFirst = [...customer.bubbles].sort((a, b) => a.at.getTime() - b.at.getTime()).reverse();
  const list = pageOf(newestFirst, limit === undefined ? {} : { limit }, ({ mid }) => mid);
  const data = list.data.map((bubble, index) => {
    const all = message(world, customer, bubble, index);
    return Object.fromEntries(Object.entries(all).filter(([field]) => field === 'id' || fields.has(field)));
  });
  return { ...list, data };
}

function message(world: World, customer: Customer, bubble: StoredBubble, index: number): Json {
  const known = { id: bubble.mid, created_time: graphTime(bubble.at) };
  if (index >= newestWithDetails) return known;
  const [from, to] =
    bubble.from === 'customer' ? [person(customer), pageParty(world)] : [pageParty(world), person(customer)];
  const { sticker, files, links } = sorted(bubble.attachments);
  return {
    ...known,
    from,
    to: { data: [to] },
    message: bubble.attachments.some(({ type }) => type === 'template') ? '' : (bubble.text ?? ''),
    ...(files.length === 0 ? {} : { attachments: { data: files.map((file) => fileView(world, file)) } }),
    ...(links.length === 0 ? {} : { shares: { data: links.map(({ url, name }) => ({ link: url, name })) } }),
    ...(sticker?.file ? { sticker: linkTo(world, sticker.file) } : {}),
  };
}

function sorted(attachments: readonly StoredAttachment[]) {
  return {
    sticker: attachments.find(({ type }) => type === 'sticker'),
    files: attachments.filter(({ type, file }) => file && type !== 'sticker'),
    links: attachments.filter(({ file }) => !file),
  };
}

/** Images and videos have their address in a record of their own. */
function fileView(world: World, { file, type }: StoredAttachment): Json {
  const url = linkTo(world, file!);
  const common = { id: file!.id, mime_type: file!.contentType, name: file!.name, size: file!.bytes.length };
  if (type === 'image') return { ...common, image_data: { url, preview_url: url, width: 1, height: 1 } };
  if (type === 'video') return { ...common, video_data: { url, preview_url: url, width: 1, height: 1 } };
  return { ...common, file_url: url };
}

/** A page of a list, with the cursors and the link to the next that Graph gives. */
function pageOf<Item>(items: readonly Item[], query: Record<string, string>, idOf: (item: Item) => string) {
  const limit = Number(query['limit'] ?? usualPage);
  if (!Number.isInteger(limit) || limit < 1 || limit > largestPage) throw invalid('Param limit is out of range');
  const start = query['after'] === undefined ? 0 : placeAfter(items, query['after'], idOf);
  const data = items.slice(start, start + limit);
  const last = data.at(-1);
  if (last === undefined) return { data };
  const cursors = { before: cursorOf(idOf(data[0]!)), after: cursorOf(idOf(last)) };
  const more = start + limit < items.length;
  return { data, paging: { cursors, ...(more ? { next: `https://graph.facebook.com/?after=${cursors.after}` } : {}) } };
}

const cursorOf = (id: string): string => Buffer.from(`after:${id}`).toString('base64url');

function placeAfter<Item>(items: readonly Item[], cursor: string, idOf: (item: Item) => string): number {
  const place = items.findIndex((item) => cursorOf(idOf(item)) === cursor);
  if (place === -1) throw new GraphError('(#100) Invalid cursors values', 100, 1488002);
  return place + 1;
}

function known(fields: Selection, allowed: readonly string[]): void {
  const stranger = [...fields.keys()].find((field) => !allowed.includes(field));
  if (stranger !== undefined) throw invalid(`Tried accessing nonexisting field (${stranger})`);
}

/** Whole seconds, as the Graph API writes times. */
const graphTime = (at: Date): string => at.toISOString().replace(/\.\d{3}Z$/, '+0000');

const person = (customer: Customer): Json => ({ id: customer.psid, name: customer.name });
const pageParty = (world: World): Json => ({ id: world.options.pageId, name: world.options.pageName });

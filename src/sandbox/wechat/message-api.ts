import type { Bubble } from '../contract.ts';
import { header, pictureUrl } from './customer-acts.ts';
import { type Customer, type Json, newMessageId, type World } from './state.ts';
import { WeChatError } from './wechat-error.ts';

const longestText = 2048;

/** POST /cgi-bin/message/custom/send. */
export function sendMessage(world: World, body: Json): Json {
  const customer = recipient(world, body);
  const bubble = bubbleOf(world, body);
  useWindow(customer);
  world.state.sentToday++;
  customer.typingUntil = 0;
  customer.bubbles.push({ ...blank(newMessageId()), ...bubble });
  world.changed();
  return ok;
}

/** POST /cgi-bin/message/custom/typing. */
export function showTyping(world: World, body: Json): Json {
  const customer = recipient(world, body);
  if (!['Typing', 'CancelTyping'].includes(String(body['command']))) throw new WeChatError(45072, 'invalid command');
  if (openWindows(customer).length === 0) throw new WeChatError(45080, 'can not typing to user');
  customer.typingUntil = body['command'] === 'Typing' ? Date.now() + 15_000 : 0;
  world.changed();
  return ok;
}

const ok: Json = { errcode: 0, errmsg: 'ok' };

function recipient({ state }: World, { touser }: Json): Customer {
  const customer = typeof touser === 'string' ? state.customers.get(touser) : undefined;
  if (!customer) throw new WeChatError(40003, 'invalid openid');
  return customer;
}

const openWindows = ({ windows }: Customer) =>
  [windows.words, windows.act].flatMap((each) => (each && each.until > Date.now() ? [each] : []));

function useWindow(customer: Customer): void {
  const open = openWindows(customer);
  if (!customer.follows || open.length === 0)
    throw new WeChatError(45015, 'response out of time limit or subscription is canceled');
  const window = open.find(({ left }) => left > 0);
  if (!window) throw new WeChatError(45047, 'out of response count limit');
  window.left--;
}

const blank = (mid: string): Bubble => ({
  mid,
  from: 'page',
  at: new Date(),
  attachments: [],
  delivered: true,
  read: false,
  reactions: [],
});

function bubbleOf(world: World, body: Json): Partial<Bubble> {
  const type = String(body['msgtype']);
  const content = (body[type] ?? {}) as Json;
  switch (type) {
    case 'text':
      return { text: checkedText(content['content']) };
    case 'msgmenu':
      return { text: menuText(content) };
    case 'news':
      return newsOf(content);
    case 'image':
    case 'voice':
    case 'video':
      return { attachments: [attachment(world, type, content)] };
    default:
      throw new WeChatError(40008, 'invalid message type');
  }
}

/** Exactly one article, with a title and a link. */
function newsOf({ articles }: Json): Partial<Bubble> {
  const [article, ...more] = Array.isArray(articles) ? (articles as Json[]) : [];
  if (!article || more.length > 0) throw new WeChatError(45008, 'article size out of limit');
  const { title, description = '', url } = article;
  if (!isFilled(title) || !isFilled(url)) throw new WeChatError(44003, 'empty news data');
  if (Buffer.byteLength(String(title)) > 128 || Buffer.byteLength(String(description)) > 512)
    throw new WeChatError(45002, 'content size out of limit');
  return { text: `${String(title)}\n${String(description)}`, choices: [String(url)] };
}

function checkedText(text: unknown): string {
  if (typeof text !== 'string' || text === '') throw new WeChatError(44004, 'empty content');
  if (Buffer.byteLength(text) > longestText) throw new WeChatError(45002, 'content size out of limit');
  return text;
}

function menuText({ head_content: head, list, tail_content: tail = '' }: Json): string {
  const entries = Array.isArray(list) ? (list as Json[]) : [];
  const good = entries.length > 0 && entries.every(({ id, content }) => isFilled(id) && isFilled(content));
  if (!good) throw new WeChatError(40035, 'invalid parameter');
  const lines = entries.map(({ id, content }) => `[${String(content)}](${String(id)})`);
  return [checkedText(head), ...lines, String(tail)].filter(Boolean).join('\n');
}

const isFilled = (value: unknown): boolean => typeof value === 'string' && value !== '';

function attachment(world: World, type: string, content: Json): Bubble['attachments'][number] {
  const id = String(content['media_id']);
  const media = world.state.media.get(id);
  if (!media || media.kind !== type || media.until < Date.now()) throw new WeChatError(40007, 'invalid media_id');
  const { name, contentType, bytes } = media.file;
  return { type, url: pictureUrl(world, id), name, contentType, bytes: bytes.length };
}

/** POST /cgi-bin/message/template/send. What became of it is told a moment later. */
export function sendTemplate(world: World, body: Json): Json {
  const customer = recipient(world, body);
  const template = world.state.templates.find(({ id }) => id === body['template_id']);
  if (!template) throw new WeChatError(40037, 'invalid template_id');
  if (!customer.follows) throw new WeChatError(43004, 'require subscribe');
  const text = template.content.replaceAll(/\{\{(\w+)\.DATA\}\}/g, (_, key: string) => blankValue(body['data'], key));
  const msgid = newMessageId();
  if (!customer.refuses)
    customer.bubbles.push({ ...blank(msgid), text: `${template.title}\n${text}`, tag: 'template' });
  world.changed();
  const Status = customer.refuses ? 'failed:user block' : 'success';
  const event = { MsgType: 'event', Event: 'TEMPLATESENDJOBFINISH', MsgID: msgid, Status };
  setTimeout(() => void world.tell({ ...header(world, customer, new Date()), ...event }), 50).unref();
  return { ...ok, msgid };
}

function blankValue(data: unknown, key: string): string {
  const { value } = ((data as Json | undefined)?.[key] ?? {}) as Json;
  if (!isFilled(value)) throw new WeChatError(47003, `argument invalid! data.${key}.value is empty`);
  return String(value);
}

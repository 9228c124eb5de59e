import { randomUUID } from 'node:crypto';
import type { Bubble } from '../contract.ts';
import { LineError } from './line-error.ts';
import { type OutMessage, readLoading, readPush, readReply } from './message-rules.ts';
import { type Customer, newMessageId, newToken, type SentMessage, type World } from './state.ts';

const minute = 60_000;
const nonFriendsFor = 7 * 24 * 60 * minute;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Headers = Record<string, string | string[] | undefined>;

/** POST /v2/bot/message/reply: once for each token, within about a minute, free of charge. */
export function reply(world: World, body: unknown, headers: Headers): { sentMessages: SentMessage[] } {
  if (headers['x-line-retry-key'] !== undefined)
    throw new LineError(400, 'The retry key is not supported for this endpoint');
  const request = readReply(body);
  const token = world.state.replyTokens.get(request.replyToken);
  if (!token || token.used || Date.now() - token.issuedAt > minute) throw new LineError(400, 'Invalid reply token');
  token.used = true;
  return { sentMessages: deliver(world, token.to, request.messages, 'reply') };
}

/** POST /v2/bot/message/push: at any time, counted against the plan; under a retry key it is taken once. */
export function push(
  world: World,
  body: unknown,
  headers: Headers,
  requestId: string,
): { sentMessages: SentMessage[] } {
  const request = readPush(body);
  const key = retryKey(headers);
  const before = key === undefined ? undefined : world.state.accepted.get(key);
  if (before)
    throw new LineError(
      409,
      'The retry key is already accepted',
      { sentMessages: before.sentMessages },
      { 'x-line-accepted-request-id': before.request },
    );
  checkRecipient(world, request.to);
  useQuota(world, request.messages.length);
  const sentMessages = deliver(world, request.to, request.messages, 'push');
  if (key !== undefined) world.state.accepted.set(key, { request: requestId, sentMessages });
  return { sentMessages };
}

function retryKey(headers: Headers): string | undefined {
  const key = headers['x-line-retry-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !uuid.test(key)) throw new LineError(400, 'The retry key is invalid');
  return key.toLowerCase();
}

/** A push of one message or of several counts once for each person. */
function useQuota({ state: { quota } }: World, _messages: number): void {
  if (quota.limit !== undefined && quota.used >= quota.limit)
    throw new LineError(429, 'You have reached your monthly limit.');
  quota.used++;
}

function checkRecipient({ state }: World, to: string): void {
  if (!/^[UCR][0-9a-f]{32}$/.test(to))
    throw new LineError(400, "The property, 'to', in the request body is invalid (line: -, column: -)");
  if (state.groups.has(to)) return;
  const customer = state.customers.get(to);
  const wroteLately = Date.now() - (customer?.lastContact ?? 0) < nonFriendsFor;
  // Whoever blocked the account is reached as far as LINE tells.
  if (!customer || !(customer.friend || customer.blocked || wroteLately))
    throw new LineError(400, 'Failed to send messages');
}

function deliver(world: World, to: string, messages: OutMessage[], way: 'reply' | 'push'): SentMessage[] {
  const sent = messages.map(() => ({ id: newMessageId(), quoteToken: newToken() }));
  const customer = world.state.customers.get(to);
  if (customer && !customer.blocked)
    messages.forEach((message, i) => {
      show(world, customer, message, sent[i]!.id, way);
    });
  if (!customer) world.state.groups.get(to)?.push(...messages.map((message) => textOf(message) ?? message.type));
  world.changed();
  return sent;
}

function show(world: World, customer: Customer, message: OutMessage, mid: string, way: 'reply' | 'push'): void {
  const text = textOf(message);
  const url = 'originalContentUrl' in message ? message.originalContentUrl : undefined;
  const bubble: Bubble = {
    mid,
    from: 'page',
    at: new Date(),
    attachments: url === undefined ? [] : [{ type: message.type, url }],
    delivered: true,
    read: false,
    reactions: [],
    tag: way,
    ...(text === undefined ? {} : { text }),
    ...(message.type === 'flex' ? { choices: titlesIn(message.contents.footer?.contents ?? []) } : {}),
    ...(message.type === 'video' && message.trackingId !== undefined ? { metadata: message.trackingId } : {}),
  };
  customer.typingUntil = 0;
  customer.bubbles.push(bubble);
  if (url !== undefined) void load(world, bubble, url);
}

function textOf(message: OutMessage): string | undefined {
  if (message.type === 'text') return message.text;
  if (message.type === 'flex') return message.altText;
  return message.type === 'template' ? message.template.text : undefined;
}

const titlesIn = (contents: readonly object[]): string[] =>
  contents.flatMap((each) => ('action' in each ? [String((each.action as { label?: unknown }).label)] : []));

/** The phone fetches what it shows. */
async function load(world: World, bubble: Bubble, url: string): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
  if (!answer?.ok) return;
  const bytes = (await answer.arrayBuffer()).byteLength;
  Object.assign(bubble.attachments[0]!, { contentType: answer.headers.get('content-type') ?? '', bytes });
  world.changed();
}

/** POST /v2/bot/chat/loading/start: one-to-one chats only. */
export function startLoading(world: World, body: unknown): Record<string, never> {
  const { chatId, loadingSeconds = 20 } = readLoading(body);
  const customer = world.state.customers.get(chatId);
  if (!customer) throw new LineError(400, 'The chat ID is invalid');
  customer.typingUntil = Date.now() + loadingSeconds * 1000;
  world.changed();
  return {};
}

export const newRequestId = (): string => randomUUID();

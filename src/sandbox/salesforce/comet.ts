import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Bus, BusEvent } from './bus.ts';
import type { Org } from './org.ts';

type Message = Record<string, unknown>;

interface Client {
  cookie: string;
  /** By channel: the replay id of the last event given. */
  given: Map<string, number>;
  lastHeard: number;
}

export interface Comet {
  clients: Map<string, Client>;
  /** Polls that wait, by their way to be answered. */
  waiting: Set<() => void>;
  /** How long a poll waits for an event. Salesforce: 110 s. */
  holdMs: number;
}

export const newComet = (): Comet => ({ clients: new Map(), waiting: new Set(), holdMs: 110_000 });

/** Salesforce forgets a client that was not heard of for so long. */
const forgetsMs = 40_000;

interface Caller {
  org: Org;
  comet: Comet;
  /** Whether the token is good. */
  known(authorization: string | undefined): boolean;
}

/** `POST /cometd/62.0`: the Bayeux protocol by long polling, with replay. */
export async function answerComet(caller: Caller, request: Request, response: Response): Promise<void> {
  const messages = messagesIn(request);
  if (!messages || Number(request.params['version']) < 37) return void response.status(400).json([]);
  const known = caller.known(request.headers.authorization);
  const answers: Message[] = [];
  for (const message of messages) answers.push(...(await answerTo(caller, message, known, request, response)));
  if (response.destroyed) return;
  const handshakeRefused = !known && messages.some(({ channel }) => channel === '/meta/handshake');
  response.status(handshakeRefused ? 401 : 200).json(answers);
}

function messagesIn({ body }: Request): Message[] | undefined {
  try {
    const parsed: unknown = JSON.parse(String(body));
    return Array.isArray(parsed) ? (parsed as Message[]) : undefined;
  } catch {
    return undefined;
  }
}

const refusal = (message: Message, error: string, reconnect: 'none' | 'handshake'): Message[] => [
  { channel: message['channel'], successful: false, error, advice: { reconnect, interval: 0 } },
];

async function answerTo(
  caller: Caller,
  message: Message,
  known: boolean,
  request: Request,
  response: Response,
): Promise<Message[]> {
  if (!known) return refusal(message, '401::Authentication invalid', 'none');
  const { channel } = message;
  if (channel === '/meta/handshake') return [handshake(caller.comet, message, response)];
  const client = clientOf(caller.comet, message, request);
  if (!client) return refusal(message, '403::Unknown client', 'handshake');
  client.lastHeard = Date.now();
  if (channel === '/meta/subscribe') return [subscribe(caller.org, client, message)];
  if (channel === '/meta/connect') return connect(caller, client, message, response);
  if (channel === '/meta/disconnect') caller.comet.clients.delete(String(message['clientId']));
  return [{ channel, clientId: message['clientId'], successful: true }];
}

function handshake({ clients }: Comet, message: Message, response: Response): Message {
  const ext = message['ext'] as { replay?: unknown } | undefined;
  const types = message['supportedConnectionTypes'];
  if (!Array.isArray(types) || !types.includes('long-polling'))
    return { channel: '/meta/handshake', successful: false, error: '400::No supported connection type' };
  const clientId = randomUUID().replaceAll('-', '');
  const cookie = randomUUID();
  clients.set(clientId, { cookie, given: new Map(), lastHeard: Date.now() });
  response.append('set-cookie', `BAYEUX_BROWSER=${cookie}; Path=/; HttpOnly`);
  response.append('set-cookie', 'sfdc-stream=!sim; Expires=Wed, 01 Jan 2031 00:00:00 GMT; Path=/');
  return {
    channel: '/meta/handshake',
    clientId,
    successful: true,
    version: '1.0',
    minimumVersion: '1.0',
    supportedConnectionTypes: ['long-polling'],
    ext: ext?.replay === true ? { replay: true } : {},
  };
}

function clientOf({ clients }: Comet, message: Message, request: Request): Client | undefined {
  const id = String(message['clientId']);
  const client = clients.get(id);
  if (!client?.cookie || !request.headers.cookie?.includes(`BAYEUX_BROWSER=${client.cookie}`)) return undefined;
  if (Date.now() - client.lastHeard <= forgetsMs) return client;
  clients.delete(id);
  return undefined;
}

function subscribe({ bus, schemas }: Org, client: Client, message: Message): Message {
  const subscription = String(message['subscription']);
  const answer = { channel: '/meta/subscribe', clientId: message['clientId'], subscription };
  const wrong = (error: string) => ({ ...answer, successful: false, error });
  if (!schemas.has(subscription.replace('/event/', '')) || !subscription.startsWith('/event/'))
    return wrong(`400::The channel you requested to subscribe to does not exist {${subscription}}`);
  const ext = message['ext'] as { replay?: Record<string, number> } | undefined;
  const replay = ext?.replay?.[subscription] ?? -1;
  const from = startFor(bus, replay);
  if (from === undefined)
    return wrong(
      `400::The replayId {${replay}} you provided was invalid.  Please provide a valid ID, -2 to replay all events, or -1 to replay only new events.`,
    );
  client.given.set(subscription, from);
  return { ...answer, successful: true };
}

/** The id behind which events are given; undefined for one that is none. */
function startFor({ lastReplayId, forgottenUntil, events }: Bus, replay: number): number | undefined {
  if (replay === -1) return lastReplayId;
  if (replay === -2) return forgottenUntil;
  const known = replay > forgottenUntil && events.some(({ replayId }) => replayId === replay);
  return known ? replay : undefined;
}

async function connect(
  { org, comet }: Caller,
  client: Client,
  message: Message,
  response: Response,
): Promise<Message[]> {
  const clientId = String(message['clientId']);
  const fresh = () => comet.clients.has(clientId);
  if (takeFor(org.bus, client, 'look').length === 0) await newsOr(comet, org.bus, response);
  client.lastHeard = Date.now();
  if (!fresh()) return refusal(message, '403::Unknown client', 'handshake');
  const answer = { channel: '/meta/connect', clientId, successful: true, advice: { reconnect: 'retry', interval: 0 } };
  // What nobody hears is not given: it comes again with the next poll.
  if (response.destroyed) return [answer];
  return [answer, ...takeFor(org.bus, client, 'take').map(({ channel, data }) => ({ channel, data }))];
}

function takeFor({ events }: Bus, client: Client, how: 'look' | 'take'): BusEvent[] {
  const found = events.filter(({ channel, replayId }) => replayId > (client.given.get(channel) ?? Infinity));
  if (how === 'take') for (const { channel, replayId } of found) client.given.set(channel, replayId);
  return found;
}

/** Until something may be new, the caller is gone, or the poll has waited long enough. */
function newsOr({ waiting, holdMs }: Comet, bus: Bus, response: Response): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      waiting.delete(end);
      bus.listeners.delete(end);
      resolve();
    };
    const timer = setTimeout(end, holdMs);
    timer.unref();
    waiting.add(end);
    bus.listeners.add(end);
    response.once('close', end);
  });
}

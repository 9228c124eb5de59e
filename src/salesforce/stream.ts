import type { Trouble } from '../domain/outcome.ts';
import type { Http } from '../kit/http.ts';
import { type Bayeux, type BayeuxMessage, makeBayeux, type Posted } from './bayeux.ts';
import type { Connection } from './connection.ts';
import type { Token } from './token.ts';

export interface StreamEvent {
  /** Opaque: kept, given back, never computed. */
  replayId: number;
  payload: Record<string, unknown>;
}

export interface Listening {
  /** `/event/Name__e` */
  channel: string;
  /** The last event that was dealt with; without one, only what is yet to come. */
  after: number | undefined;
  /** Called in order, and before anything more is asked for. */
  onEvents(events: readonly StreamEvent[]): Promise<void>;
  /** The server has answered: it is there, and so are we. */
  onAlive?(): void;
  signal: AbortSignal;
}

/** `place-lost`: what came after `after` is no longer kept (72 hours), or is of another org. */
export type ListenEnd = { result: 'stopped' } | { result: 'place-lost' } | Trouble;

/** How long one poll may take: the server answers after 110 s at most, event or not. Milliseconds. */
const pollMs = 125_000;
const askMs = 20_000;
const onlyNew = -1;

/**
 * Listens by long polling until `signal` or trouble. A poll that is not answered in time is a connection that died unseen;
 * a client that the server has forgotten subscribes again behind the last event. A refused token is renewed once.
 */
export async function listenTo(
  connection: Connection,
  http: Http,
  version: string,
  listening: Listening,
): Promise<ListenEnd> {
  const place = { after: listening.after };
  let refused: Token | undefined;
  for (;;) {
    const token = refused ? await connection.renew(refused) : await connection.logIn();
    if (listening.signal.aborted) return { result: 'stopped' };
    if (token.result !== 'done') return token;
    const bayeux = makeBayeux(http, token.value, version);
    const ended = await subscribeAndPoll(bayeux, listening, place);
    if (listening.signal.aborted) return { result: 'stopped' };
    if (ended.result === 'again') continue;
    if (ended.result !== 'unauthorized') return ended;
    if (refused && !ended.afterWork) return tokenRefused;
    refused = token.value;
  }
}

const tokenRefused: Trouble = {
  result: 'account-broken',
  why: 'Salesforce refuses the token for its events even after a new login',
};

type Ended =
  | { result: 'again' }
  /** `afterWork`: the token was good before. */
  | { result: 'unauthorized'; afterWork: boolean }
  | { result: 'place-lost' }
  | Trouble;

async function subscribeAndPoll(bayeux: Bayeux, listening: Listening, place: { after: number | undefined }) {
  const clientId = await handshake(bayeux, listening.signal);
  if (typeof clientId !== 'string') return clientId;
  const subscribed = await subscribe(bayeux, clientId, listening, place.after);
  if (subscribed) return subscribed;
  return poll(bayeux, clientId, listening, place);
}

async function handshake(bayeux: Bayeux, signal: AbortSignal): Promise<string | Ended> {
  const message = {
    channel: '/meta/handshake',
    version: '1.0',
    minimumVersion: '1.0',
    supportedConnectionTypes: ['long-polling'],
    ext: { replay: true },
  };
  const answer = ofChannel(await bayeux.post([message], askMs, signal), '/meta/handshake');
  if ('result' in answer) return answer;
  if (answer.successful && answer.clientId) return answer.clientId;
  return refusalOf(answer);
}

/** Undefined when it is subscribed. */
async function subscribe(
  bayeux: Bayeux,
  clientId: string,
  { channel, signal }: Listening,
  after: number | undefined,
): Promise<Ended | undefined> {
  const ext = { replay: { [channel]: after ?? onlyNew } };
  const message = { channel: '/meta/subscribe', clientId, subscription: channel, ext };
  const answer = ofChannel(await bayeux.post([message], askMs, signal), '/meta/subscribe');
  if ('result' in answer) return answer;
  if (answer.successful) return undefined;
  // The status code is for several mistakes; the place is the only one of them that can go bad by itself.
  if (after !== undefined && answer.error?.startsWith('400:')) return { result: 'place-lost' };
  return refusalOf(answer);
}

async function poll(
  bayeux: Bayeux,
  clientId: string,
  { channel, onEvents, onAlive, signal }: Listening,
  place: { after: number | undefined },
): Promise<Ended> {
  for (let polled = 0; ; polled++) {
    const posted = await bayeux.post(
      [{ channel: '/meta/connect', clientId, connectionType: 'long-polling' }],
      pollMs,
      signal,
    );
    const answer = ofChannel(posted, '/meta/connect');
    const events = posted.result === 'answered' ? eventsOf(posted.messages, channel) : [];
    if (events.length > 0) await onEvents(events);
    place.after = events.at(-1)?.replayId ?? place.after;
    if ('result' in answer) return answer.result === 'unauthorized' ? { ...answer, afterWork: polled > 0 } : answer;
    if (!answer.successful)
      return polled > 0 && isForgotten(answer) ? { result: 'again' } : refusalOf(answer, polled > 0);
    onAlive?.();
  }
}

const eventsOf = (messages: readonly BayeuxMessage[], channel: string): StreamEvent[] =>
  messages.flatMap(({ channel: of, data }) =>
    of === channel && data ? [{ replayId: data.event.replayId, payload: data.payload }] : [],
  );

/** `403::Unknown client` with the advice to shake hands again: it was not heard of for 40 s. */
const isForgotten = ({ error, advice }: BayeuxMessage): boolean =>
  error?.startsWith('403') === true && advice?.reconnect !== 'none';

/** The server's answer to our message on this channel, or why there is none. */
function ofChannel(posted: Posted, channel: string): BayeuxMessage | Ended {
  if (posted.result === 'unauthorized') return { result: 'unauthorized', afterWork: false };
  if (posted.result === 'no-answer') return { result: 'later', why: `Salesforce events: ${posted.why}` };
  const message = posted.messages.find((each) => each.channel === channel);
  return message ?? { result: 'later', why: 'Salesforce events: an answer without an answer' };
}

/** An error is `status:arguments:text` (Bayeux); what the text says is for people. */
function refusalOf({ error = '', ext }: BayeuxMessage, afterWork = false): Ended {
  const status = error.slice(0, 3);
  const why = `Salesforce events: ${(ext?.sfdc?.failureReason ?? error).slice(0, 200) || 'refused without a reason'}`;
  if (status === '401' || /^401/.test(ext?.sfdc?.failureReason ?? '')) return { result: 'unauthorized', afterWork };
  if (status === '403' || status === '503') return { result: 'later', why };
  return { result: 'never', why };
}

import type { Request, Response } from 'express';
import type { Channel, ChannelAccount, WebhookAnswer } from '../channels/channel.ts';
import type { Arrival } from '../flows/arrival.ts';
import { setAside } from '../flows/set-aside.ts';
import { channelEvent } from '../flows/take-in-webhook.ts';
import type { ConnectedChannel } from '../flows/world.ts';
import type { DatabaseWatch } from '../kit/database-watch.ts';
import { faultOf } from '../kit/fault.ts';
import type { Log } from '../kit/log.ts';
import { step } from '../kit/step.ts';
import type { VerifiedRequest, WebhookRequest } from '../kit/webhook.ts';
import type { FailedChecks } from './failed-checks.ts';
import type { Metrics } from './metrics.ts';
import { problem } from './problem.ts';
import { webhookRequest } from './webhook-request.ts';

export interface DoorParts {
  channels: readonly ConnectedChannel[];
  takeIn: (arrival: Arrival) => Promise<void>;
  watch: DatabaseWatch;
  metrics: Metrics;
  log: Log;
  /** How the internet reaches this service. */
  publicUrl: string | undefined;
  /** Wrong verify tokens, and wrong signatures. */
  guesses: FailedChecks;
  forgeries: FailedChecks;
}

const taken: WebhookAnswer = { status: 200, contentType: 'text/plain', body: 'EVENT_RECEIVED' };

/** The channels' webhooks: verify the raw bytes, commit what they tell, answer. Nothing here calls another service. */
export function makeDoor(parts: DoorParts) {
  const routes = makeRoutes(parts.channels);
  return {
    /** A handshake. */
    async get(request: Request, response: Response, kind: string, id: string | undefined): Promise<void> {
      const accounts = routes.accounts(kind, id);
      const [first] = accounts;
      if (await parts.guesses.tooMany(request)) return parts.guesses.refuseUnseen(response);
      const answer = first?.channel.greet?.(
        webhookRequest(request, parts.publicUrl),
        accounts.map(({ account }) => account),
      );
      if (!answer) return problem(response, 404, first ? `${kind} has no handshake here` : unknown(kind, id));
      if (answer.status >= 400) return parts.guesses.refuse(request, response, answer.status, answer.body);
      response.status(answer.status).type(answer.contentType).send(answer.body);
    },
    async post(request: Request, response: Response, kind: string, id: string | undefined): Promise<void> {
      const startedAt = performance.now();
      const accounts = routes.accounts(kind, id);
      if (accounts.length === 0) return refuse(parts, response, kind, 'unknown-account', 404, unknown(kind, id));
      const asked = webhookRequest(request, parts.publicUrl);
      const proof = verifiedBy(accounts, asked);
      if (!proof) {
        note(parts, kind, 'forged');
        return parts.forgeries.refuse(request, response, 401, 'the signature is missing or does not fit the body');
      }
      const came = { kind, account: id ?? null, source: `channel:${kind}`, body: asked.body };
      const received = readOr(() => proof.channel.receive(proof.request, proof.account));
      if ('thrown' in received) return settle(parts, response, setAside(came, received.thrown, parts.log), taken);
      if ('malformed' in received) return refuse(parts, response, kind, 'malformed', 400, received.malformed);
      const events = received.events.map((event) =>
        channelEvent(event, kind, routes.route(kind, event.to, proof.account, asked)),
      );
      await settle(parts, response, { ...came, events }, received.answer ?? taken);
      parts.metrics.door(kind, (performance.now() - startedAt) / 1000);
    },
  };
}

const unknown = (kind: string, id: string | undefined) =>
  id === undefined ? `no ${kind} account is configured` : `no ${kind} account "${id}" is configured`;

interface Proof {
  channel: Channel;
  account: ChannelAccount;
  request: VerifiedRequest;
}

function verifiedBy(accounts: readonly ConnectedChannel[], asked: WebhookRequest): Proof | undefined {
  for (const { channel, account } of accounts) {
    const request = channel.verify(asked, account);
    if (request !== 'forged') return { channel, account, request };
  }
  return undefined;
}

/** Finds accounts by URL and by the address in an event. */
function makeRoutes(channels: readonly ConnectedChannel[]) {
  const byKind = Map.groupBy(channels, ({ channel }) => channel.kind);
  const byId = new Map(channels.map((each) => [`${each.channel.kind}/${each.account.id}`, [each]]));
  const byAddress = new Map<string, ConnectedChannel>([
    ...[...channels].reverse().flatMap(byGroupAddress),
    ...channels.map((each) => [`${each.channel.kind} ${each.channel.addressOf(each.account)}`, each] as const),
  ]);
  return {
    accounts: (kind: string, id: string | undefined): readonly ConnectedChannel[] =>
      (id === undefined ? byKind.get(kind) : byId.get(`${kind}/${id}`)) ?? [],
    /** One app's webhook may carry another account's events, but only an account whose own secret fits as well. */
    route: (kind: string, address: string, proven: ChannelAccount, asked: WebhookRequest): string | undefined => {
      const found = byAddress.get(`${kind} ${address}`);
      if (!found || found.account.id === proven.id) return found?.account.id;
      return found.channel.verify(asked, found.account) === 'forged' ? undefined : found.account.id;
    },
  };
}

function byGroupAddress(each: ConnectedChannel): [string, ConnectedChannel][] {
  const group = each.channel.groupAddressOf?.(each.account);
  return group === undefined ? [] : [[`${each.channel.kind} ${group}`, each]];
}

export function note({ metrics, log }: Pick<DoorParts, 'metrics' | 'log'>, kind: string, reason: string): void {
  metrics.refused(kind, reason);
  log.warn('webhook.refused', { channel: kind, reason });
}

function refuse(
  parts: DoorParts,
  response: Response,
  kind: string,
  reason: string,
  status: number,
  detail: string,
): void {
  note(parts, kind, reason);
  problem(response, status, detail);
}

/** What a reader makes of a webhook; a throw is a bug of ours, for which the platform must not be refused. */
export function readOr<Read extends object>(read: () => Read): Read | { thrown: unknown } {
  try {
    return read();
  } catch (thrown) {
    return { thrown };
  }
}

/**
 * Commits and then answers, 503 if it could not be committed in time: it may be in the ledger all the same; the platform
 * delivers it again, and a second one is a repeat.
 */
export async function settle(
  { takeIn, watch, metrics, log }: Pick<DoorParts, 'takeIn' | 'watch' | 'metrics' | 'log'>,
  response: Response,
  arrival: Arrival,
  answer: WebhookAnswer,
): Promise<void> {
  try {
    await takeIn(arrival);
    step('door.committed');
    response.status(answer.status).type(answer.contentType).send(answer.body);
  } catch (error) {
    metrics.refused(arrival.kind, 'not-committed');
    if (!watch.saw(error)) log.error('webhook.not-committed', { channel: arrival.kind, ...faultOf(error) });
    response.set('retry-after', '5');
    problem(response, 503, 'the ledger cannot be written just now; please deliver this again');
  }
}

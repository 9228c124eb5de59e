import type { Request, Response } from 'express';
import type { Channel, ChannelAccount, WebhookAnswer } from '../channels/channel.ts';
import { type Arrival, channelEvent } from '../flows/take-in-webhook.ts';
import type { ConnectedChannel } from '../flows/world.ts';
import type { Log } from '../kit/log.ts';
import { step } from '../kit/step.ts';
import type { VerifiedRequest, WebhookRequest } from '../kit/webhook.ts';
import type { Metrics } from './metrics.ts';
import { problem } from './problem.ts';
import { webhookRequest } from './webhook-request.ts';

export interface DoorParts {
  channels: readonly ConnectedChannel[];
  takeIn: (arrival: Arrival) => Promise<void>;
  metrics: Metrics;
  log: Log;
  /** How the internet reaches this service. */
  publicUrl: string | undefined;
}

/** Platforms try again after an error; Meta waits 5 s for an answer, so a commit that hangs must not hold it longer. */
const commitWithinMs = 4_000;

const taken: WebhookAnswer = { status: 200, contentType: 'text/plain', body: 'EVENT_RECEIVED' };

/** The channels' webhooks: verify the raw bytes, commit what they tell, answer. Nothing here calls another service. */
export function makeDoor(parts: DoorParts) {
  const routes = makeRoutes(parts.channels);
  return {
    /** A handshake. */
    get(request: Request, response: Response, kind: string, id: string | undefined): void {
      const accounts = routes.accounts(kind, id);
      const [first] = accounts;
      const answer = first?.channel.greet?.(
        webhookRequest(request, parts.publicUrl),
        accounts.map(({ account }) => account),
      );
      if (answer) response.status(answer.status).type(answer.contentType).send(answer.body);
      else problem(response, 404, first ? `${kind} has no handshake here` : unknown(kind, id));
    },
    async post(request: Request, response: Response, kind: string, id: string | undefined): Promise<void> {
      const startedAt = performance.now();
      const accounts = routes.accounts(kind, id);
      if (accounts.length === 0) return refuse(parts, response, kind, 'unknown-account', 404, unknown(kind, id));
      const asked = webhookRequest(request, parts.publicUrl);
      const proof = verifiedBy(accounts, asked);
      if (!proof)
        return refuse(parts, response, kind, 'forged', 401, 'the signature is missing or does not fit the body');
      const received = proof.channel.receive(proof.request, proof.account);
      if ('malformed' in received) return refuse(parts, response, kind, 'malformed', 400, received.malformed);
      const events = received.events.map((event) =>
        channelEvent(event, kind, routes.route(kind, event.to, proof.account, asked)),
      );
      const arrival = { kind, account: id ?? null, source: `channel:${kind}`, body: asked.body, events };
      if (!(await committed(parts, arrival))) return unavailable(response);
      const answer = received.answer ?? taken;
      response.status(answer.status).type(answer.contentType).send(answer.body);
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
  const byAddress = new Map(
    channels.map((each) => [`${each.channel.kind} ${each.channel.addressOf(each.account)}`, each]),
  );
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

function refuse(
  { metrics, log }: DoorParts,
  response: Response,
  kind: string,
  reason: string,
  status: number,
  detail: string,
): void {
  metrics.refused(kind, reason);
  log.warn('webhook.refused', { channel: kind, reason });
  problem(response, status, detail);
}

/** False: it may or may not be in the ledger; the platform delivers it again, and a second one is a repeat. */
export async function committed(
  { takeIn, log }: Pick<DoorParts, 'takeIn' | 'log'>,
  arrival: Arrival,
): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no commit within ${commitWithinMs} ms`)), commitWithinMs);
  });
  try {
    await Promise.race([takeIn(arrival), tooLong]);
    step('door.committed');
    return true;
  } catch (error) {
    log.error('webhook.not-committed', {
      channel: arrival.kind,
      why: error instanceof Error ? error.message : 'unknown',
    });
    return false;
  } finally {
    clearTimeout(timer);
  }
}

export function unavailable(response: Response): void {
  response.set('retry-after', '5');
  problem(response, 503, 'the ledger cannot be written just now; please deliver this again');
}

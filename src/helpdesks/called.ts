import type { CommentId, TicketId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Secret } from '../kit/secret.ts';
import type { WebhookRequest } from '../kit/webhook.ts';

// A part of the contract of helpdesks: what some of them ask of this service of their own accord, and what is said by threads.

export interface AgentFile {
  name: string;
  contentType: string;
  bytes: number;
  url: string;
}

export interface ThreadPlace {
  /** Ours: the external id of the ticket. */
  id: string;
  /** Our external id of the customer, and what they are called. */
  customer: { externalId: string; name: string };
  /** When it was said, ISO 8601. */
  at: string;
}

export interface RefusedReply {
  /** As `CalledReply.id`. */
  reply: string;
  why: string;
}

/** A request to a further address of a helpdesk's: `/webhooks/{kind}/{id}/{name}`, with `/{key}` where it is to be secret. */
export interface HelpdeskCall {
  name: string;
  key: string | undefined;
  request: WebhookRequest;
  /** How the internet reaches this service, without a slash at the end. */
  publicUrl: string | undefined;
}

export interface HelpdeskCallAnswer {
  status: number;
  contentType: string;
  body: string;
  headers?: Readonly<Record<string, string>>;
}

/** An agent's reply, handed over by the helpdesk itself. */
export interface CalledReply {
  /** Unique in the ledger, and the same however often the helpdesk asks. */
  id: string;
  /** `ThreadPlace.id`. */
  thread: string;
  text: string;
  files: readonly AgentFile[];
}

/** What became of a written comment, told by the helpdesk afterwards. */
export interface ToldComment {
  /** The marker it was written with, or the id of a called reply. */
  marker: string;
  ticket: TicketId;
  comment: CommentId;
}

/** What an administrator connected there: where to write, and the token for it. */
export interface HelpdeskConnection {
  instance: string;
  token: Secret;
}

/**
 * What such a request is. `unknown`: there is no such address. `goTo`: somebody wants to see where something was said.
 * `answered` makes the answer of what was done with it.
 */
export type HelpdeskCallRead =
  | 'unknown'
  | 'forged'
  | { malformed: string }
  | { answer: HelpdeskCallAnswer }
  | { connect: HelpdeskConnection; answered(outcome: Outcome<void>): HelpdeskCallAnswer }
  | { reply: CalledReply; answered(taken: boolean): HelpdeskCallAnswer }
  | { told: readonly ToldComment[]; answer: HelpdeskCallAnswer }
  | { goTo: string };

import { randomBytes, randomInt } from 'node:crypto';
import type { Bubble, SandboxFile } from '../contract.ts';

export interface LineOptions {
  channelSecret: string;
  channelAccessToken: string;
  /** The bot's own user id; webhooks carry it as `destination`. */
  botUserId: string;
  name: string;
  /** Where the service's webhook is; may be set later, when the service has a port. */
  webhookUrl?: string;
  port?: number;
}

/** A file a customer sent. Videos and sounds are prepared first. */
export interface Content {
  file: SandboxFile;
  state: 'processing' | 'succeeded' | 'failed';
}

export interface Customer {
  user: string;
  name: string;
  language: string;
  /** When they last wrote; milliseconds. Who is no friend can be written to for 7 days from then. */
  lastContact?: number;
  friend: boolean;
  blocked: boolean;
  typingUntil: number;
  bubbles: Bubble[];
}

/** A chat's token for one free answer. */
export interface ReplyToken {
  to: string;
  issuedAt: number;
  used: boolean;
}

export interface SentMessage {
  id: string;
  quoteToken?: string;
}

export interface State {
  customers: Map<string, Customer>;
  contents: Map<string, Content>;
  replyTokens: Map<string, ReplyToken>;
  /** By retry key: what LINE answered when it took the request. */
  accepted: Map<string, { request: string; sentMessages: SentMessage[] }>;
  endpoint: { url?: string; active: boolean };
  quota: { limit?: number; used: number };
  /** Groups and rooms the account is in, and what it said there. */
  groups: Map<string, string[]>;
  tokenExpired: boolean;
}

export type Json = Record<string, unknown>;

/** What the parts of the simulator share. */
export interface World {
  options: LineOptions;
  state: State;
  /** Own address, known once it listens. */
  url: string;
  changed(): void;
  /** Sends one webhook with these events; resolves once the first attempt was answered or given up. */
  tell(events: Json[]): Promise<void>;
}

export const freshState = (): State => ({
  customers: new Map(),
  contents: new Map(),
  replyTokens: new Map(),
  accepted: new Map(),
  endpoint: { active: true },
  quota: { used: 0 },
  groups: new Map(),
  tokenExpired: false,
});

/** Ids of messages are digits, more than a JavaScript number can hold exactly. */
export const newMessageId = (): string => `5${String(Date.now()).slice(-11)}${String(randomInt(1e6)).padStart(6, '0')}`;

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A ULID: 10 letters of time, 16 of chance. */
export function newEventId(): string {
  let time = Date.now();
  let letters = '';
  for (let i = 0; i < 10; i++) {
    letters = crockford[time % 32] + letters;
    time = Math.floor(time / 32);
  }
  return letters + [...randomBytes(16)].map((byte) => crockford[byte % 32]).join('');
}

export const newToken = (): string => randomBytes(16).toString('hex');

export function customerOf(state: State, user: string): Customer {
  const customer = state.customers.get(user);
  if (!customer) throw new Error(`no customer ${user} in the LINE simulator`);
  return customer;
}

import type { ZendeskTicketView } from '../contract.ts';
import type { Manifest } from './framework-shapes.ts';
import { type NamedThings, usualNames } from './names.ts';

export type Role = 'end-user' | 'agent' | 'admin';
export type Status = ZendeskTicketView['status'];

export interface User {
  id: number;
  name: string;
  role: Role;
  email: string | null;
  phone: string | null;
  externalId: string | null;
  photoUrl: string | null;
  locale: string;
  identities: { id: number; type: string; value: string }[];
  /** Fields of the account's own making, by key. */
  fields: Record<string, unknown>;
  /** Deleted or merged away: nothing finds it, but its comments keep its name. */
  gone: boolean;
  createdAt: Date;
  updatedAt: Date;
}

export interface Attachment {
  id: number;
  /** In its address, instead of a login. */
  token: string;
  name: string;
  contentType: string;
  bytes: Buffer;
}

export interface Upload {
  token: string;
  attachments: Attachment[];
  createdAt: Date;
  used: boolean;
}

export interface Comment {
  id: number;
  auditId: number;
  authorId: number;
  public: boolean;
  /** As written; `htmlBody` is what agents see. */
  body: string;
  htmlBody: string;
  attachments: Attachment[];
  at: Date;
  via: string;
  /** Why a reply that was handed over did not reach the customer. */
  channelError?: string;
}

export interface Audit {
  id: number;
  authorId: number;
  at: Date;
  custom: Record<string, unknown>;
  events: Record<string, unknown>[];
}

export interface Ticket {
  id: number;
  subject: string;
  status: Status;
  tags: string[];
  externalId: string | null;
  requesterId: number;
  followupSourceId: number | null;
  followupIds: number[];
  /** Every other field that was set, as it was given. */
  fields: Record<string, unknown>;
  comments: Comment[];
  audits: Audit[];
  createdAt: Date;
  updatedAt: Date;
  /** `api`, or `any_channel` for one that a pushed resource made. */
  via: string;
}

export interface Token {
  expiresAt: number;
  revoked: boolean;
}

/** Calls an address, by itself for events or when a trigger says so. */
export interface Webhook {
  id: string;
  endpoint: string;
  status: string;
  subscriptions: string[];
  secret: string;
  /** All the rest, as it was given. */
  fields: Record<string, unknown>;
}

/** A trigger, view, macro, or field of tickets or users: what an administrator made. */
export type Rule = Record<string, unknown> & { id: number };

/** An integration account, as an administrator set it up. */
export interface Framework {
  manifest: Manifest;
  instance: string;
  token: string;
  metadata: string;
  name: string;
  /** Out of service: nothing is taken, and agents' replies are not handed over. */
  off: boolean;
  /** The ticket each thread is on now, and each resource there is, by our ids. */
  threads: Map<string, number>;
  imported: Map<string, { ticket: number; comment: number }>;
  /** The comments that channelbacks were made of, by the id they were given. */
  handedOver: Map<string, { ticket: number; comment: number }>;
}

/** What a Zendesk account holds, in memory. */
export interface State {
  users: Map<number, User>;
  tickets: Map<number, Ticket>;
  uploads: Map<string, Upload>;
  attachments: Map<string, Attachment>;
  tokens: Map<string, Token>;
  /** Answers kept for two hours by idempotency key. */
  idempotent: Map<string, { request: string; body: unknown; at: number }>;
  webhooks: Webhook[];
  /** By the name of their list: `triggers`, `views`, `macros`, `ticket_fields`, `user_fields`. */
  rules: Map<string, Rule[]>;
  triggerCategories: { id: string; name: string }[];
  names: NamedThings;
  /** Times of answered requests of each limit, in milliseconds. */
  counted: Map<string, number[]>;
  /** The integration account, where one was set up. */
  framework: Framework | undefined;
  fixedTokensExpired: boolean;
  lastId: number;
  lastTicket: number;
  /** How far this account's clock is ahead, in milliseconds. */
  ahead: number;
}

export const staff = { service: 9_001, alice: 9_002, bob: 9_003 } as const;

export function freshState(): State {
  const state: State = {
    users: new Map(),
    tickets: new Map(),
    uploads: new Map(),
    attachments: new Map(),
    tokens: new Map(),
    idempotent: new Map(),
    webhooks: [],
    rules: new Map(),
    triggerCategories: [],
    names: usualNames(),
    counted: new Map(),
    framework: undefined,
    fixedTokensExpired: false,
    lastId: 360_000_010_000,
    lastTicket: 0,
    ahead: 0,
  };
  addUser(state, { id: staff.service, name: 'Passerelle', role: 'admin', email: 'passerelle@acme.example' });
  addUser(state, { id: staff.alice, name: 'Alice Martin', role: 'agent', email: 'alice@acme.example' });
  addUser(state, { id: staff.bob, name: 'Bob Chen', role: 'agent', email: 'bob@acme.example' });
  return state;
}

export const now = (state: State): Date => new Date(Date.now() + state.ahead);

export function nextId(state: State): number {
  state.lastId += 1;
  return state.lastId;
}

export function addUser(state: State, user: Partial<User> & Pick<User, 'name' | 'role'>): User {
  const at = now(state);
  const added: User = {
    id: user.id ?? nextId(state),
    email: null,
    phone: null,
    externalId: null,
    photoUrl: null,
    locale: 'en-US',
    identities: [],
    fields: {},
    gone: false,
    createdAt: at,
    updatedAt: at,
    ...user,
  };
  if (added.email) added.identities.push({ id: nextId(state), type: 'email', value: added.email });
  state.users.set(added.id, added);
  return added;
}

/** Somebody who certainly was here: an author, a requester. */
export const userOf = (state: State, id: number): User => state.users.get(id)!;

export const livingUsers = (state: State): User[] => [...state.users.values()].filter(({ gone }) => !gone);
export const livingUser = (state: State, id: number): User | undefined => {
  const user = state.users.get(id);
  return user?.gone ? undefined : user;
};

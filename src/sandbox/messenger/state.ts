import { randomBytes } from 'node:crypto';
import type { MessengerSimulatorOptions } from '../contract.ts';
import type { StoredAttachment as Attachment, StoredBubble as KeptBubble } from '../stored-bubble.ts';
import { defaultUtilityTemplates, type UtilityTemplate } from './template-rules.ts';

/** A file the simulator serves: a customer's, or one the page uploaded. */
export interface StoredFile {
  id: string;
  name: string;
  contentType: string;
  bytes: Buffer;
  /** Part of its URL; without the right one there is no file, as with Meta's signed links. */
  signature: string;
}

export type StoredAttachment = Attachment<StoredFile>;
export type StoredBubble = KeptBubble<StoredFile>;

export interface Customer {
  psid: string;
  name: string;
  locale: string;
  picture: StoredFile;
  /** When the customer last did what opens the window; milliseconds. */
  lastContact?: number;
  typingUntil: number;
  seen: boolean;
  blocked: boolean;
  /** The app that owns the thread, if that is another than ours. */
  owner?: string;
  bubbles: StoredBubble[];
  /** The link by which they came, until their first message tells it. */
  cameBy?: { ref: string; source: string; type: string };
  /** The `user_ref` of the box they ticked, until their next message tells that it was they. */
  tickedBox?: string;
}

export interface State {
  customers: Map<string, Customer>;
  files: Map<string, StoredFile>;
  /** Attachment ids made by an upload. */
  uploads: Map<string, { type: string; file: StoredFile }>;
  /** Absent while the app gets no webhooks of the page. */
  subscribedFields: string[] | undefined;
  /** What the app as a whole is told of pages. */
  appFields: string[];
  /** What the page shows around its conversations, by Meta's names. */
  profile: Record<string, unknown>;
  /** Whether the token may subscribe the app (`pages_manage_metadata`). */
  maySubscribe: boolean;
  tokenExpired: boolean;
  /** Numbers of receipts: each is taken once. */
  receipts: Set<string>;
  /** What may be sent outside the window. */
  utilityTemplates: UtilityTemplate[];
  /** What the token may do, and when it ends; seconds since 1970, 0 for never. */
  token: { scopes: string[]; expiresAt: number };
  calls: number;
}

/** What the parts of the simulator share. */
export interface World {
  options: MessengerSimulatorOptions;
  platform: 'messenger' | 'instagram';
  state: State;
  /** Own address, known once it listens. */
  url: string;
  changed(): void;
  /** Sends one event to the service; resolves once the first attempt was answered or given up. */
  tell(item: Record<string, unknown>): Promise<void>;
}

/** A page's world, whose app can be set up. */
export interface PageWorld extends World {
  /** The app's callback URL. */
  callbackUrl: string | undefined;
  /** Webhooks go there from now on. */
  redirect(callbackUrl: string): void;
}

/** What the page is subscribed to when the sandbox begins. */
export const usualFields = [
  'messages',
  'messaging_postbacks',
  'message_echoes',
  'message_deliveries',
  'message_reads',
  'message_reactions',
  'message_edits',
  'messaging_referrals',
  'messaging_optins',
  'messaging_account_linking',
  'messaging_handovers',
  'messaging_policy_enforcement',
  'standby',
];

export const freshState = (fields: readonly string[] = usualFields): State => ({
  customers: new Map(),
  files: new Map(),
  uploads: new Map(),
  subscribedFields: [...fields],
  appFields: [...fields],
  profile: {},
  maySubscribe: true,
  tokenExpired: false,
  receipts: new Set(),
  utilityTemplates: defaultUtilityTemplates(),
  token: { scopes: ['pages_messaging', 'pages_manage_metadata', 'pages_read_engagement'], expiresAt: 0 },
  calls: 0,
});

export const newMid = (): string => `m_${randomBytes(48).toString('base64url')}`;

/** Ids of Meta's are digits, more than a JavaScript number can hold exactly. */
export const newNumericId = (): string =>
  `7${BigInt(`0x${randomBytes(6).toString('hex')}`)
    .toString()
    .padStart(16, '0')}`;

export function store(state: State, file: Omit<StoredFile, 'id' | 'signature'>): StoredFile {
  const stored = { ...file, id: newNumericId(), signature: randomBytes(16).toString('hex') };
  state.files.set(stored.id, stored);
  return stored;
}

export function customerOf(state: State, psid: string): Customer {
  const customer = state.customers.get(psid);
  if (!customer) throw new Error(`no customer ${psid} in the Messenger simulator`);
  return customer;
}

import { randomBytes, randomInt } from 'node:crypto';
import type { StoredAttachment as Attachment, StoredBubble as KeptBubble } from '../stored-bubble.ts';
import { defaultTemplates, type StoredTemplate } from './templates.ts';

export interface WhatsAppSimulatorOptions {
  phoneNumberId: string;
  businessAccountId: string;
  displayNumber: string;
  name: string;
  appId: string;
  appSecret: string;
  token: string;
  /** Where the service's webhook is; may be set later, when the service has a port. */
  webhookUrl?: string;
  port?: number;
}

/** A file a customer sent or the business uploaded. Its id ends after some days, a link to it after minutes. */
export interface StoredFile {
  id: string;
  name: string;
  contentType: string;
  bytes: Buffer;
  expiresAt: number;
}

export type StoredAttachment = Attachment<StoredFile>;
export type StoredBubble = KeptBubble<StoredFile>;

export interface Customer {
  waId: string;
  /** The id that is scoped to the business. */
  userId: string;
  name: string;
  /** They use a username: webhooks tell no number. */
  hidesNumber: boolean;
  /** When the customer last did what opens the window; milliseconds. */
  lastContact?: number;
  typingUntil: number;
  seen: boolean;
  blocked: boolean;
  bubbles: StoredBubble[];
  /** When the business wrote to them lately; milliseconds. */
  sends: number[];
}

export interface State {
  customers: Map<string, Customer>;
  files: Map<string, StoredFile>;
  templates: StoredTemplate[];
  /** Webhook fields the app has subscribed to. */
  fields: string[];
  /** The business account sends its events to the app. */
  subscribed: boolean;
  /** The number's own webhook address. */
  override?: string;
  quality: 'GREEN' | 'YELLOW' | 'RED';
  tokenExpired: boolean;
}

/** What the parts of the simulator share. */
export interface World {
  options: WhatsAppSimulatorOptions;
  state: State;
  /** Own address, known once it listens. */
  url: string;
  /** Where the app's events go, unless the number has an address of its own. */
  appUrl: string | undefined;
  changed(): void;
  /** Sends one change to the service, if it is subscribed; resolves once the first attempt was answered or given up. */
  tell(field: string, value: Record<string, unknown>): Promise<void>;
  /** The addresses changed. */
  redirect(): void;
}

const allFields = [
  'messages',
  'smb_message_echoes',
  'user_preferences',
  'user_id_update',
  'account_update',
  'account_alerts',
  'phone_number_quality_update',
  'message_template_status_update',
];

export const freshState = (): State => ({
  customers: new Map(),
  files: new Map(),
  templates: defaultTemplates(),
  fields: [...allFields],
  subscribed: true,
  quality: 'GREEN',
  tokenExpired: false,
});

export const newMessageId = (): string => `wamid.${randomBytes(42).toString('base64')}`;
export const newUserId = (): string => `NO.${newNumericId()}${newNumericId()}`;

/** Ids of Meta's are digits, more than a JavaScript number can hold exactly. */
export const newNumericId = (): string => `8${String(randomInt(1e12)).padStart(12, '0')}${randomInt(1000, 9999)}`;

const day = 86_400_000;

export function store(
  state: State,
  file: Pick<StoredFile, 'name' | 'contentType' | 'bytes'>,
  days: number,
): StoredFile {
  const stored = { ...file, id: newNumericId(), expiresAt: Date.now() + days * day };
  state.files.set(stored.id, stored);
  return stored;
}

export function customerOf(state: State, waId: string): Customer {
  const customer = state.customers.get(waId);
  if (!customer) throw new Error(`no customer ${waId} in the WhatsApp simulator`);
  return customer;
}

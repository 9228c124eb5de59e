import { randomBytes } from 'node:crypto';
import type { Bubble } from '../contract.ts';

export interface SmsSimulatorOptions {
  accountSid: string;
  authToken: string;
  /** The number customers write to. */
  number: string;
  /** A messaging service that holds the number, if one does. */
  serviceSid?: string;
  port?: number;
}

export interface StoredFile {
  sid: string;
  contentType: string;
  name: string;
  bytes: Buffer;
}

/** A message in or out, as the REST API shows it and as the phone does. */
export interface StoredMessage {
  sid: string;
  direction: 'inbound' | 'outbound-api' | 'outbound-reply';
  /** The customer's number. */
  user: string;
  body: string;
  files: StoredFile[];
  status: string;
  errorCode: number | null;
  createdAt: Date;
  sentAt: Date | null;
  segments: number;
  statusCallback?: string;
}

export interface Customer {
  user: string;
  name: string;
  optedOut: boolean;
  /** What keeps messages from the phone: the error code that a status callback then carries. */
  unreachable: number | undefined;
  landline: boolean;
}

export interface State {
  customers: Map<string, Customer>;
  messages: StoredMessage[];
  /** How the number is set up. */
  number: { url: string; method: string; applicationSid: string };
  service: { url: string | null; method: string; useNumbers: boolean };
  tokenExpired: boolean;
  suspended: boolean;
  trial: boolean;
}

/** What the parts of the simulator share. */
export interface World {
  options: SmsSimulatorOptions;
  state: State;
  /** Own address, and that of the store that files are in; known once they listen. */
  url: string;
  storeUrl: string;
  changed(): void;
  /** Calls the service with a form; resolves once the first attempt was answered or given up. */
  call(url: string, form: Record<string, string>): Promise<void>;
}

export const freshState = (): State => ({
  customers: new Map(),
  messages: [],
  number: { url: '', method: 'POST', applicationSid: '' },
  service: { url: null, method: 'POST', useNumbers: false },
  tokenExpired: false,
  suspended: false,
  trial: false,
});

export const newSid = (prefix: string): string => `${prefix}${randomBytes(16).toString('hex')}`;

/** The number's own SID: made of the number, so that it stays. */
export const numberSid = ({ number }: SmsSimulatorOptions): string => `PN${number.slice(1).padStart(32, '0')}`;

export function customerOf(state: State, user: string): Customer {
  const customer = state.customers.get(user);
  if (!customer) throw new Error(`no customer ${user} in the SMS simulator`);
  return customer;
}

export const bubbleOf = (world: World, message: StoredMessage): Bubble => ({
  mid: message.sid,
  from: message.direction === 'inbound' ? 'customer' : message.direction === 'outbound-api' ? 'page' : 'inbox',
  at: message.createdAt,
  ...(message.body === '' ? {} : { text: message.body }),
  attachments: message.files.map((file) => ({
    type: file.contentType.split('/')[0] ?? 'file',
    name: file.name,
    contentType: file.contentType,
    bytes: file.bytes.length,
    url: `${world.storeUrl}/${message.sid}/${file.sid}`,
  })),
  delivered: message.status === 'delivered',
  read: false,
  reactions: [],
});

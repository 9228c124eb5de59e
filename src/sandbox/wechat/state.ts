import { randomBytes, randomInt } from 'node:crypto';
import type { Bubble, SandboxFile } from '../contract.ts';

export interface WeChatOptions {
  appId: string;
  appSecret: string;
  token: string;
  encodingAesKey: string;
  /** The account's own id in webhooks. */
  originalId: string;
  /** How webhooks are written ("Message encryption"). */
  mode: 'plain' | 'compatible' | 'safe';
  /** Where the service's webhook is; may be set later, when the service has a port. */
  webhookUrl?: string;
  port?: number;
}

/** By what right the account may write: until then, so many messages. */
export interface Window {
  until: number;
  left: number;
}

export interface Customer {
  user: string;
  name: string;
  unionid: string;
  follows: boolean;
  /** Refuses template messages. */
  refuses: boolean;
  /** What an act of theirs opened: their words; and following, a tap or a scan. */
  windows: { words?: Window; act?: Window };
  typingUntil: number;
  bubbles: Bubble[];
  /** How often WeChat told them that the account is out of order. */
  notices: number;
}

/** A file left with WeChat, by either side; for 3 days. */
export interface Media {
  kind: string;
  file: SandboxFile;
  until: number;
}

export interface Template {
  id: string;
  title: string;
  content: string;
}

export interface State {
  customers: Map<string, Customer>;
  media: Map<string, Media>;
  templates: Template[];
  /** Codes to scan, by ticket. */
  codes: Map<string, { scene: string; until: number }>;
  /** The stable access token, and until when it holds. */
  accessToken: { value: string; until: number } | undefined;
  /** Tokens are refused and none is handed out: the AppSecret was reset. */
  secretReset: boolean;
  /** The address calls come from is not let in. */
  foreignAddress: boolean;
  /** APIs the account may not use, by the end of their path. */
  notPermitted: Set<string>;
  sentToday: number;
}

export type Json = Record<string, unknown>;

/** What the parts of the simulator share. */
export interface World {
  options: WeChatOptions;
  state: State;
  /** Own address, known once it listens. */
  url: string;
  changed(): void;
  /** Sends one webhook with these fields; resolves once the first attempt was answered or given up. */
  tell(fields: Json): Promise<void>;
}

export const freshState = (): State => ({
  customers: new Map(),
  media: new Map(),
  codes: new Map(),
  templates: [
    {
      id: 'ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY',
      title: 'Order shipped',
      content: 'Order: {{keyword1.DATA}}\nCarrier: {{keyword2.DATA}}',
    },
  ],
  accessToken: undefined,
  secretReset: false,
  foreignAddress: false,
  notPermitted: new Set(),
  sentToday: 0,
});

/** 64-bit numbers, more than JavaScript can hold exactly. */
export const newMessageId = (): string =>
  `24${String(Date.now()).slice(-11)}${String(randomInt(1e4)).padStart(4, '0')}`;

export const newSecretText = (): string => randomBytes(24).toString('base64url');

/** "Temporary media": how long an id holds. */
const mediaHoldsMs = 3 * 24 * 3_600_000;

export function keep(state: State, kind: string, file: SandboxFile): string {
  const id = newSecretText();
  state.media.set(id, { kind, file, until: Date.now() + mediaHoldsMs });
  return id;
}

export function customerOf(state: State, user: string): Customer {
  const customer = state.customers.get(user);
  if (!customer) throw new Error(`no customer ${user} in the WeChat simulator`);
  return customer;
}

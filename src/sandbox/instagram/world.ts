import { freshState, type World } from '../messenger/state.ts';

export interface InstagramSimulatorOptions {
  accountId: string;
  username: string;
  token: string;
  appSecret: string;
  /** `facebook`: the token is a page's, calls want a proof of the app secret, and files can be uploaded. */
  login?: 'instagram' | 'facebook';
  /** Whether the app may use the HUMAN_AGENT tag. */
  humanAgent?: boolean;
  webhookUrl?: string;
  port?: number;
}

export interface Comment {
  user: string;
  at: number;
  answered: boolean;
}

/** What the parts of the simulator share; threads, files and conversations are those of Messenger's. */
export interface InstagramWorld extends World {
  login: 'instagram' | 'facebook';
  comments: Map<string, Comment>;
  /** The configured token and those it was renewed to; all stay good. */
  tokens: Set<string>;
  /** Sends one change to the service. */
  tellChange(field: string, value: Record<string, unknown>, at?: Date): Promise<void>;
}

/** What the account is subscribed to when the sandbox begins. */
export const usualFields = [
  'messages',
  'message_echoes',
  'message_reactions',
  'message_edit',
  'messaging_postbacks',
  'messaging_referral',
  'messaging_seen',
  'messaging_optins',
  'messaging_handover',
  'standby',
  'comments',
  'live_comments',
  'mentions',
];

export const fresh = () => freshState(usualFields);

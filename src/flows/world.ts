import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Channel, ChannelAccount } from '../channels/channel.ts';
import type { CrmSession } from '../crms/crm.ts';
import type { Duration } from '../domain/duration.ts';
import type { Mapping, MappingContext } from '../domain/mapping.ts';
import type { NoticeRules } from '../domain/notice-rules.ts';
import type { Noticing } from '../domain/notice-text.ts';
import type { PolicyBook } from '../domain/policy.ts';
import { crmTarget, helpdeskTarget, type Target } from '../domain/target.ts';
import type { HelpdeskSession } from '../helpdesks/helpdesk.ts';
import type { Tools } from '../kit/tools.ts';
import type { Queue } from '../queue/queue.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
import type { Vault } from '../store/vault.ts';
import type { Meters } from './meters.ts';
import type { TargetHealth } from './target-health.ts';

/** A channel account with its platform. */
export interface ConnectedChannel {
  channel: Channel;
  account: ChannelAccount;
}

export interface ConnectedHelpdesk {
  id: string;
  session: HelpdeskSession;
  limits: { commentLength: number; attachmentBytes: number };
  /** The CRM whose contacts its requesters are. */
  contactsOf?: string;
  /** What is said on its tickets is not written to that CRM a second time. */
  keepsHistory?: boolean;
}

export interface ConnectedCrm {
  id: string;
  session: CrmSession;
  limits: { descriptionLength: number; subjectLength: number };
}

/** What the flows work with; made once in main. A flow names the part of it that it uses. */
export interface World {
  db: Database;
  queue: Queue;
  tools: Tools;
  /** The version in force now. */
  readonly mapping: Mapping;
  /** The version under which a message or ticket was written. */
  mappingAt(version: number | undefined): Promise<Mapping>;
  /** What the platforms allow. */
  policy: PolicyBook;
  /** What the company says of messages it sends without being asked. */
  notices: NoticeRules;
  /** The texts of those, and which way they go. */
  noticing: Noticing;
  vault: Vault;
  /** How long a text waits for its files to be copied. */
  textWaits: Duration;
  meters: Meters;
  health: TargetHealth;
  /** By account id. */
  channels: ReadonlyMap<string, ConnectedChannel>;
  helpdesks: ReadonlyMap<string, ConnectedHelpdesk>;
  crms: ReadonlyMap<string, ConnectedCrm>;
}

/** Where messages of this account have to arrive besides the customer. */
export const helpdeskOf = ({ account }: Pick<ConnectedChannel, 'account'>): Target | undefined =>
  account.helpdesk ? helpdeskTarget(account.helpdesk) : undefined;
export const crmOf = ({ account }: Pick<ConnectedChannel, 'account'>): Target | undefined =>
  account.crm ? crmTarget(account.crm) : undefined;

/** As much of a channel account as texts can speak of. */
export interface NamedChannel {
  channel: Pick<Channel, 'kind' | 'label'>;
  account: Pick<ChannelAccount, 'id'>;
}

/** The customer's name as far as anybody told it; else one by which agents can tell customers apart. */
export const nameOf = (connected: NamedChannel, conversation: Conversation): string =>
  conversation.customer.profile.name ?? fallbackNameOf(connected, conversation);

export const fallbackNameOf = ({ channel }: NamedChannel, conversation: Conversation): string =>
  `${channel.label} ${phoneIn(conversation) ?? `customer ${conversation.platformUser.slice(-6)}`}`;

/** Where the platform knows people by their phone: that, as people write it. */
function phoneIn({ platformUser, customer }: Conversation): string | undefined {
  const { phone } = customer.profile;
  if (!phone || phone.replace(/\D/g, '') !== platformUser.replace(/\D/g, '')) return undefined;
  return parsePhoneNumberFromString(phone)?.formatInternational();
}

export function mappingContext(connected: NamedChannel, conversation: Conversation): MappingContext {
  const { name: _, pictureUrl: __, ...profile } = conversation.customer.profile;
  const { attributes } = conversation.customer;
  return {
    channel: { id: connected.account.id, kind: connected.channel.kind, label: connected.channel.label },
    customer: {
      ...profile,
      name: nameOf(connected, conversation),
      platformUserId: conversation.platformUser,
      attributes,
    },
    conversation: { id: String(conversation.id) },
  };
}

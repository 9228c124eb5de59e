/**
 * The catch-up jobs. A job carries no message, only the key of what to bring up to date; the ledger says the rest.
 * - `conversation`: apply new events, bring the ticket up to date. Key `{account}|{platform user}`.
 * - `replies`: read an agent's comments off a ticket. Key `{helpdesk}|{remote ticket id}`.
 * - `sends`: send replies to the customer. Key: the conversation's id.
 * - `notices`: send what is to be told a customer. Key: the customer's id.
 * - `history`: record history at the CRM. Key: the conversation's id.
 * - `media`: copy the files of a message to the vault. Key: the message's id.
 * - `vault-sweep`: delete copies whose time is over. Key: `vault`.
 * - `reconcile`: read which tickets changed at a helpdesk. Key: the helpdesk's id.
 * - `reconcile-channel`: compare a platform's history with the ledger. Key: the account's id.
 * - `campaigns`: let a campaign's notices go at its rate. Key: the campaign's id.
 * - `coach`: keep the fields of tickets current that tell of their conversations. Key: the helpdesk's id.
 * - `tidy`: delete old webhooks and events. Key: `ledger`.
 * - `erasures`: carry out what is left of an erasure. Key: its id.
 * - `crm-consents`: take in and write consents that a CRM keeps. Key: the CRM's id.
 * - `shop-webhooks`: tell the shop of what happened. Key `{hook}|{customer}`.
 */
export const queueNames = [
  'conversation',
  'media',
  'replies',
  'sends',
  'notices',
  'history',
  'reconcile',
  'reconcile-channel',
  'campaigns',
  'coach',
  'vault-sweep',
  'tidy',
  'erasures',
  'crm-consents',
  'shop-webhooks',
] as const;
export type QueueName = (typeof queueNames)[number];

export interface WakeUp {
  queue: QueueName;
  key: string;
}

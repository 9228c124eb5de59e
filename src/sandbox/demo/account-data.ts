import type { MessengerSimulatorOptions, SalesforceSimulatorOptions, ZendeskSimulatorOptions } from '../contract.ts';

/** Ids of the one connected account of each kind, as they stand in URLs and rows. */
export const accounts = { channel: 'acme-page', helpdesk: 'acme-zendesk', crm: 'acme-salesforce' } as const;

export const messengerAccount: MessengerSimulatorOptions = {
  pageId: '555',
  pageName: 'Acme Outdoor',
  appId: '9911',
  appSecret: 'sandbox-app-secret',
  pageToken: 'sandbox-page-token',
  humanAgent: true,
};

export const verifyToken = 'sandbox-verify-token';

export const zendeskAccount: ZendeskSimulatorOptions = {
  clientId: 'sandbox-zendesk-client',
  clientSecret: 'sandbox-zendesk-secret',
  webhookSecret: 'sandbox-zendesk-webhook-secret',
};

export const salesforceAccount: SalesforceSimulatorOptions & { clientSecret: string } = {
  clientId: 'sandbox-salesforce-client',
  clientSecret: 'sandbox-salesforce-secret',
};

/** How Zendesk and Salesforce know a Messenger customer: `{kind}:{account id}:{platform user id}`. */
export const keyOf = (psid: string): string => `messenger:${accounts.channel}:${psid}`;

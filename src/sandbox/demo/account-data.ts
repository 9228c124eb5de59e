import type { MessengerSimulatorOptions, SalesforceSimulatorOptions, ZendeskSimulatorOptions } from '../contract.ts';

/** Ids of the accounts, as they stand in URLs and rows. Every other channel's is `acme-{kind}`. */
export const accounts = {
  messenger: 'acme-page',
  helpdesk: 'acme-zendesk',
  crm: 'acme-salesforce',
  cases: 'acme-cases',
  casesBot: 'acme-cases-bot',
} as const;

export const messengerAccount: MessengerSimulatorOptions = {
  pageId: '555',
  pageName: 'Acme Outdoor',
  appId: '9911',
  appSecret: 'sandbox-app-secret',
  pageToken: 'sandbox-page-token',
  humanAgent: true,
};

/** The shop's key of the API. */
export const shopKey = 'sandbox-key-of-the-shop';
/** The key of whoever looks after customers' records. */
export const crmAdminKey = 'sandbox-key-of-the-crm-admin';
/** The key of whoever makes the campaigns. */
export const marketingKey = 'sandbox-key-of-the-marketing';

/** Who signs in to the console. */
export const consoleAdmin = { email: 'admin@acme.example', password: 'sandbox-password' };

export const verifyToken = 'sandbox-verify-token';

export const zendeskAccount: ZendeskSimulatorOptions = {
  clientId: 'sandbox-zendesk-client',
  clientSecret: 'sandbox-zendesk-secret',
  webhookSecret: 'sandbox-zendesk-webhook-secret',
};

/** Shared by the service and the app beside the ticket. */
export const appSecret = 'sandbox-secret-of-the-app-beside-the-ticket';

export const salesforceAccount: SalesforceSimulatorOptions & { clientSecret: string } = {
  clientId: 'sandbox-salesforce-client',
  clientSecret: 'sandbox-salesforce-secret',
};

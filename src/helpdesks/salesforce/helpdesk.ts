import type { Helpdesk } from '../helpdesk.ts';
import { type SalesforceDesk, salesforceDesk } from './account.ts';
import { readCallback, verifyCallback } from './callback.ts';
import { connectSalesforceDesk } from './session.ts';

export const salesforce: Helpdesk<SalesforceDesk> = {
  kind: 'salesforce',
  label: 'Salesforce',
  account: salesforceDesk,
  // A longer comment takes several records; a file's base64 must fit into 50 MB of JSON.
  limits: { commentLength: 20_000, attachmentBytes: 37_000_000 },
  warnings: () => [],
  connect: (account, tools) => connectSalesforceDesk(account, tools),
  contactsOf: ({ crm }) => crm,
  keepsHistory: ({ alsoHistory }) => !alsoHistory,
  verify: (request, { webhookSecret }) => verifyCallback(request, webhookSecret),
  readCallback,
};

import type { Helpdesk } from '../helpdesk.ts';
import { loginOf, type ZendeskAccount, zendeskAccount } from './account.ts';
import { verifyAppCall } from './app-call.ts';
import { readCallback, verifyCallback } from './callback.ts';
import { frameworkApp } from './framework/app.ts';
import { readCall } from './framework/calls.ts';
import { connectZendesk } from './session.ts';

const apiTokenWarning =
  'Zendesk stops all API tokens on 30 April 2027. Make a confidential OAuth client (Admin Center, Apps and integrations, APIs) ' +
  'and give its clientId and clientSecret in place of email and apiToken.';

const noSecretWarning =
  'There is no webhookSecret: callbacks are refused, and replies go out up to two minutes later. `passerelle provision` fetches it.';

export const zendesk: Helpdesk<ZendeskAccount> = {
  kind: 'zendesk',
  label: 'Zendesk',
  account: zendeskAccount,
  limits: {
    // Zendesk takes 65,535 bytes; a UTF-16 unit is at most 3 of them.
    commentLength: 21_000,
    attachmentBytes: 50_000_000,
  },
  warnings: (account) => [
    ...(loginOf(account).by === 'api-token' ? [apiTokenWarning] : []),
    ...(account.webhookSecret ? [] : [noSecretWarning]),
  ],
  uses: (account) =>
    loginOf(account).by === 'api-token'
      ? [{ api: 'Zendesk login', version: 'API token', setting: 'email and apiToken (to clientId and clientSecret)' }]
      : [],
  connect: (account, tools) => connectZendesk(account, tools),
  verify: (request, account, now) => verifyCallback(request, account.webhookSecret, now),
  readCallback,
  verifyAppCall: (token, account, now) => verifyAppCall(token, account, now),
  readCall,
  app: frameworkApp,
};

import type { ZendeskAccount } from '../account.ts';
import { keyOf, type SecretCall } from './keys.ts';

/** Where Zendesk finds each part of the integration. `publicUrl` has no slash at its end. */
export function addressesOf(account: ZendeskAccount, publicUrl: string) {
  const base = `${publicUrl}/webhooks/${account.kind}/${account.id}`;
  const secret = (name: SecretCall) => `${base}/${name}/${keyOf(account, name)}`;
  return {
    manifest: secret('manifest'),
    admin: secret('admin'),
    channelback: secret('channelback'),
    events: secret('events'),
    /** Agents' browsers are sent there, so it holds no secret. */
    open: `${base}/open`,
    health: `${base}/health`,
  };
}

/** The integration manifest (Zendesk developer docs, "Integration manifest"). Zendesk keeps it for hours. */
export function manifestOf(account: ZendeskAccount, publicUrl: string) {
  const at = addressesOf(account, publicUrl);
  return {
    name: account.integrationName,
    id: `passerelle-${account.id}`,
    version: '1.0.0',
    author: 'Passerelle',
    ...(account.pushClientId ? { push_client_id: account.pushClientId } : {}),
    channelback_files: true,
    create_followup_tickets: true,
    urls: {
      admin_ui: at.admin,
      channelback_url: at.channelback,
      clickthrough_url: at.open,
      healthcheck_url: at.health,
      event_callback_url: at.events,
    },
  };
}

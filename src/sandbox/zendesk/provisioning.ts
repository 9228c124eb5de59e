import { randomUUID } from 'node:crypto';
import { type Answer, badRequest, created, notFound, ok } from './answer.ts';
import { type Desk, type Fields, fieldsIn, type Route } from './desk.ts';
import { nextId } from './state.ts';

/** Enough of webhooks and triggers to see that they were made; callbacks go to the address the sandbox was given. */
export const provisioningRoutes: Route[] = [
  [
    'get',
    '/webhooks',
    (desk) =>
      ok({ webhooks: [...ownWebhook(desk), ...desk.state.webhooks], meta: { has_more: false }, links: { next: null } }),
  ],
  ['post', '/webhooks', (desk, request) => addWebhook(desk, fieldsIn(request, 'webhook'))],
  ['get', '/webhooks/:id/signing_secret', (desk, request) => secretOf(desk, String(request.params['id']))],
  ['get', '/triggers', (desk) => listed([...ownTrigger(desk), ...desk.state.triggers])],
  ['post', '/triggers', (desk, request) => addTrigger(desk, fieldsIn(request, 'trigger'))],
];

const listed = (triggers: Fields[]): Answer => ok({ triggers, count: triggers.length, next_page: null });

const ownWebhookId = '01SANDBOXWEBHOOK0000000000';

/** The webhook an administrator made by hand, to where callbacks go. */
function ownWebhook({ state, callbackUrl }: Desk): Fields[] {
  const endpoint = callbackUrl();
  if (!endpoint || state.callback === 'webhook-deleted') return [];
  const status = state.callback === 'webhook-inactive' ? 'inactive' : 'active';
  return [{ id: ownWebhookId, name: 'Passerelle', endpoint, status, subscriptions: ['conditional_ticket_events'] }];
}

function ownTrigger({ state, callbackUrl }: Desk): Fields[] {
  if (!callbackUrl() || state.callback === 'trigger-deleted') return [];
  const actions = [{ field: 'notification_webhook', value: [ownWebhookId, '{"ticket_id":"{{ticket.id}}"}'] }];
  return [{ id: 360_000_000_001, title: 'Passerelle', active: state.callback !== 'trigger-inactive', actions }];
}

function addWebhook({ state }: Desk, fields: Fields | undefined): Answer {
  if (!fields?.['endpoint'] || !fields['name']) return badRequest('InvalidWebhook', 'name and endpoint are required');
  const webhook = { ...fields, id: randomUUID(), created_at: new Date().toISOString() };
  state.webhooks.push(webhook);
  return created({ webhook });
}

function secretOf({ state, options }: Desk, id: string): Answer {
  if (!state.webhooks.some((webhook) => webhook['id'] === id)) return notFound;
  return ok({ signing_secret: { algorithm: 'SHA256', secret: options.webhookSecret } });
}

function addTrigger({ state }: Desk, fields: Fields | undefined): Answer {
  if (!fields?.['title'] || !fields['conditions'] || !fields['actions']) {
    return badRequest('RecordInvalid', 'title, conditions and actions are required');
  }
  const trigger = { ...fields, id: nextId(state), active: fields['active'] ?? true };
  state.triggers.push(trigger);
  return created({ trigger });
}

import { randomUUID } from 'node:crypto';
import { type Answer, badRequest, created, notFound, ok } from './answer.ts';
import { type Desk, type Fields, fieldsIn, type Route } from './desk.ts';
import { nextId } from './state.ts';

/** Enough of webhooks and triggers to see that they were made; callbacks go to the address the sandbox was given. */
export const provisioningRoutes: Route[] = [
  [
    'get',
    '/webhooks',
    ({ state }) => ok({ webhooks: state.webhooks, meta: { has_more: false }, links: { next: null } }),
  ],
  ['post', '/webhooks', (desk, request) => addWebhook(desk, fieldsIn(request, 'webhook'))],
  ['get', '/webhooks/:id/signing_secret', (desk, request) => secretOf(desk, String(request.params['id']))],
  ['get', '/triggers', ({ state }) => ok({ triggers: state.triggers, count: state.triggers.length, next_page: null })],
  ['post', '/triggers', (desk, request) => addTrigger(desk, fieldsIn(request, 'trigger'))],
];

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

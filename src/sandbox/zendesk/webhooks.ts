import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import { type Answer, created, noContent, notFound, ok } from './answer.ts';
import { type Desk, type Fields, fieldsIn, isFields, type Route } from './desk.ts';
import { pageOf, text } from './paging.ts';
import { onlyAdmins, rulesOf } from './rules.ts';
import { nextId, now, type Webhook } from './state.ts';

/** Zendesk developer docs, "Webhooks API". Only administrators come here. */
export const webhookRoutes: Route[] = [
  [
    'get',
    '/webhooks',
    onlyAdmins((desk, request) => ok(pageOf(desk.url(), request, 'webhooks', desk.state.webhooks, shown))),
  ],
  ['post', '/webhooks', onlyAdmins((desk, request) => add(desk, fieldsIn(request, 'webhook')))],
  ['post', '/webhooks/test', onlyAdmins(test)],
  ['get', '/webhooks/:id', onlyAdmins(withWebhook((_desk, webhook) => ok({ webhook: shown(webhook) })))],
  [
    'put',
    '/webhooks/:id',
    onlyAdmins(withWebhook((_desk, webhook, request) => replace(webhook, fieldsIn(request, 'webhook')))),
  ],
  [
    'patch',
    '/webhooks/:id',
    onlyAdmins(withWebhook((_desk, webhook, request) => change(webhook, fieldsIn(request, 'webhook')))),
  ],
  ['delete', '/webhooks/:id', onlyAdmins(withWebhook(remove))],
  [
    'get',
    '/webhooks/:id/signing_secret',
    onlyAdmins(withWebhook((_desk, { secret }) => ok({ signing_secret: { algorithm: 'SHA256', secret } }))),
  ],
];

type Act = (desk: Desk, webhook: Webhook, request: Request) => Answer;

function withWebhook(act: Act): (desk: Desk, request: Request) => Answer {
  return (desk, request) => {
    const webhook = desk.state.webhooks.find(({ id }) => id === request.params['id']);
    return webhook ? act(desk, webhook, request) : notFound;
  };
}

const shown = ({ secret: _, fields, ...webhook }: Webhook): Fields => ({ ...fields, ...webhook });

/** The webhooks API has its own way to refuse. */
const refused = (title: string): Answer => ({
  status: 400,
  body: { errors: [{ code: 'INVALID_WEBHOOK', title, detail: title }] },
});

function add(desk: Desk, fields: Fields | undefined): Answer {
  const problem = complaint(fields);
  if (problem) return refused(problem);
  // The secret is Zendesk's to make; the first one is that which the configuration knows, as one made by hand would have.
  const secret = desk.state.webhooks.length === 0 ? desk.options.webhookSecret : randomBytes(24).toString('base64');
  const id = `01SANDBOX${String(nextId(desk.state)).padStart(17, '0')}`;
  const webhook = webhookOf({ created_at: now(desk.state).toISOString() }, { id, secret }, fields!);
  desk.state.webhooks.push(webhook);
  return created({ webhook: shown(webhook) });
}

export function webhookOf(before: Fields, own: Pick<Webhook, 'id' | 'secret'>, fields: Fields): Webhook {
  const { endpoint, status, subscriptions, ...rest } = fields;
  return {
    ...own,
    endpoint: String(endpoint),
    status: String(status),
    subscriptions: Array.isArray(subscriptions) ? subscriptions.map(String) : [],
    fields: { ...before, ...rest },
  };
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function complaint(fields: Fields | undefined): string | undefined {
  if (!fields) return 'webhook is required';
  const { name, endpoint, http_method: method, request_format: format, status, subscriptions: events } = fields;
  if (typeof name !== 'string' || name.trim() === '') return 'name is required';
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return 'endpoint must be a valid URL';
  if (!methods.includes(String(method))) return 'http_method is invalid';
  if (!['json', 'xml', 'form_encoded'].includes(String(format))) return 'request_format is invalid';
  if (status !== 'active' && status !== 'inactive') return 'status is invalid';
  return eventsComplaint(events);
}

/** Events, or triggers: not both (Zendesk developer docs, "Webhooks API"). */
function eventsComplaint(events: unknown): string | undefined {
  if (events === undefined) return undefined;
  if (!Array.isArray(events) || events.length === 0) return 'subscriptions is invalid';
  const conditional = events.includes('conditional_ticket_events');
  return conditional && events.length > 1 ? 'conditional_ticket_events excludes other subscriptions' : undefined;
}

function replace(webhook: Webhook, fields: Fields | undefined): Answer {
  const problem = complaint(fields);
  if (problem) return refused(problem);
  Object.assign(webhook, webhookOf(webhook.fields, webhook, fields!));
  return noContent;
}

const change = (webhook: Webhook, fields: Fields | undefined): Answer =>
  replace(webhook, { ...shown(webhook), ...fields });

/** Which triggers call a webhook. */
const callersOf = ({ state }: Desk, { id }: Webhook) =>
  rulesOf(state, 'triggers').filter(({ actions }) => JSON.stringify(actions ?? []).includes(`"${id}"`));

function remove(desk: Desk, webhook: Webhook): Answer {
  if (callersOf(desk, webhook).length > 0) return refused('the webhook is connected to triggers');
  desk.state.webhooks = desk.state.webhooks.filter(({ id }) => id !== webhook.id);
  return noContent;
}

/** Calls an existing webhook with the payload given, and tells what it answered. */
async function test(desk: Desk, request: Request): Promise<Answer> {
  const webhook = desk.state.webhooks.find(({ id }) => id === text(request, 'webhook_id'));
  if (!webhook) return refused('webhook_id is invalid');
  const body: unknown = request.body;
  const asked = isFields(body) && isFields(body['request']) ? body['request'] : {};
  const { status, payload } = await desk.callbacks.test(webhook, String(asked['payload'] ?? '{}'));
  return ok({ response: { status, payload, headers: [] } });
}

/** As an administrator does it. */
export function resetSecret({ state }: Desk, id: string): string {
  const webhook = state.webhooks.find((each) => each.id === id);
  if (!webhook) throw new Error(`there is no webhook ${id}`);
  webhook.secret = randomBytes(24).toString('base64');
  return webhook.secret;
}

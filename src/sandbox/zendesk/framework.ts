import { randomBytes, randomUUID } from 'node:crypto';
import { type Answer, forbidden, notFound, ok, unprocessable } from './answer.ts';
import { type Desk, isFields, type Route } from './desk.ts';
import { manifestShape } from './framework-shapes.ts';
import type { Framework } from './state.ts';

export const frameworkOf = (desk: Desk): Framework | undefined => desk.state.framework;

/**
 * What happens when an administrator installs the app and adds an account: the manifest is fetched and checked, the admin page
 * opened with a new push token, and its form sent. Throws with what Zendesk would complain of.
 */
export async function addIntegrationAccount(desk: Desk, manifestUrl: string, locale = 'en-US'): Promise<string> {
  const fetched = await fetch(manifestUrl);
  if (fetched.status !== 200) throw new Error(`the manifest was answered ${fetched.status}`);
  const manifest = manifestShape.parse(await fetched.json());
  const [instance, token] = [randomUUID(), randomBytes(24).toString('hex')];
  desk.state.framework = {
    ...{ manifest, instance, token, metadata: '', name: manifest.name, off: true },
    threads: desk.state.framework?.threads ?? new Map(),
    imported: desk.state.framework?.imported ?? new Map(),
    handedOver: desk.state.framework?.handedOver ?? new Map(),
  };
  const returnUrl = `${desk.url()}/zendesk/channels/integration_service_instances/editor_finalizer`;
  const asked = { name: '', metadata: '', state: '', return_url: returnUrl, subdomain: 'acme', locale };
  const form = new URLSearchParams({ ...asked, instance_push_id: instance, zendesk_access_token: token });
  const page = await fetch(manifest.urls.admin_ui, { method: 'POST', body: form });
  const html = await page.text();
  if (page.status !== 200) throw new Error(`the admin page was answered ${page.status}: ${html}`);
  save(desk.state.framework, html, returnUrl);
  sendEvents(desk, [{ type_id: 'create_integration_instance', data: { metadata: desk.state.framework.metadata } }]);
  return html;
}

/** The administrator presses the button of the page. */
function save(framework: Framework, html: string, returnUrl: string): void {
  const [, action] = /<form method="post" action="([^"]+)"/.exec(html) ?? [];
  if (action !== returnUrl) throw new Error('the form does not lead back to Zendesk');
  const fieldIn = (name: string) => unescaped(new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(html)?.[1] ?? '');
  const [name, metadata] = [fieldIn('name'), fieldIn('metadata')];
  if (name === '' || metadata === '' || metadata.length > 5_000) throw new Error('name and metadata are needed');
  Object.assign(framework, { name, metadata, off: false });
}

const unescaped = (html: string): string =>
  html
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Tells the integration what happened; several at once, unsigned. */
export function sendEvents(desk: Desk, events: { type_id: string; data: object }[]): void {
  const framework = frameworkOf(desk);
  const endpoint = framework?.manifest.urls.event_callback_url;
  if (!framework || !endpoint || events.length === 0) return;
  const common = {
    timestamp: new Date().toISOString(),
    subdomain: 'acme',
    integration_name: framework.manifest.name,
    integration_id: framework.manifest.id,
    error: null,
  };
  const body = JSON.stringify({ events: events.map((event) => ({ ...common, ...event })) });
  desk.callbacks.send({ id: 'any_channel', endpoint, secret: undefined }, body);
}

/** The refusal of a call that does not come with the push token of this instance, or is about none. */
export function refuseInstance(desk: Desk, authorization: string | undefined, body: unknown): Answer | undefined {
  const framework = frameworkOf(desk);
  const instance = isFields(body) ? body['instance_push_id'] : undefined;
  if (typeof instance !== 'string') return unprocessable('RecordInvalid', 'instance_push_id is required');
  if (!framework || instance !== framework.instance) return notFound;
  return authorization === `Bearer ${framework.token}` ? undefined : forbidden;
}

export const frameworkRoutes: Route[] = [
  [
    'post',
    '/any_channel/validate_token',
    (desk, request) => refuseInstance(desk, request.headers.authorization, request.body) ?? ok(''),
  ],
];

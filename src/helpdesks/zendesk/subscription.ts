import { z } from 'zod';
import type { Subscription } from '../../domain/finding.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { ZendeskApi } from './api.ts';
import { attempt } from './outcome.ts';
import { pagesOf } from './pages.ts';

const meta = z.object({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish();

const wireWebhook = z.object({
  id: z.string(),
  endpoint: z.string().nullish(),
  status: z.string().nullish(),
  subscriptions: z.array(z.string()).nullish(),
});
type WireWebhook = z.output<typeof wireWebhook>;

const wireTrigger = z.object({
  active: z.boolean().nullish(),
  actions: z.array(z.object({ field: z.string(), value: z.unknown() })).catch([]),
});

/** An event webhook needs no trigger; one for triggers is subscribed to these events (Zendesk developer docs, "Webhooks"). */
const forTriggers = 'conditional_ticket_events';

const fix =
  '`passerelle provision zendesk` makes what is missing and sets active what is not. By hand: Admin Center, Apps and integrations, Webhooks; and Objects and rules, Triggers.';

const wrong = (why: string): Subscription => ({ ok: false, why, fix });

/**
 * Whether Zendesk has an active webhook to this service, and an active trigger that calls it. Only administrators may see
 * webhooks: for anybody else the outcome is `account-broken`.
 */
export async function checkSubscription(api: ZendeskApi, accountId: string): Promise<Outcome<Subscription>> {
  const path = pathTo(accountId);
  const webhooks = await activeWebhooks(api, accountId);
  if (webhooks.result !== 'done') return webhooks;
  const { all, active } = webhooks.value;
  if (all === 0) return done(wrong(`Zendesk has no webhook to ${path}.`));
  if (active.length === 0) return done(wrong(`Zendesk's webhook to ${path} is inactive.`));
  if (active.some(({ subscriptions }) => subscriptions && !subscriptions.includes(forTriggers)))
    return done({ ok: true });
  return checkTriggers(api, new Set(active.map(({ id }) => id)));
}

const pathTo = (accountId: string) => `/webhooks/zendesk/${accountId}`;

/** Those that call this service, and how many would if they were active. */
export function activeWebhooks(
  api: ZendeskApi,
  accountId: string,
): Promise<Outcome<{ all: number; active: WireWebhook[] }>> {
  return attempt('repeatable', async () => {
    const shape = z.object({ webhooks: z.array(wireWebhook), meta });
    const found: WireWebhook[] = [];
    for await (const page of pagesOf(api, shape, ['webhooks'])) found.push(...page.webhooks);
    const ours = found.filter(({ endpoint }) => pathOf(endpoint) === pathTo(accountId));
    return { all: ours.length, active: ours.filter(({ status }) => status !== 'inactive') };
  });
}

async function checkTriggers(api: ZendeskApi, webhooks: ReadonlySet<string>): Promise<Outcome<Subscription>> {
  return attempt('repeatable', async (): Promise<Subscription> => {
    const shape = z.object({ triggers: z.array(wireTrigger), meta });
    let inactive = false;
    for await (const page of pagesOf(api, shape, ['triggers'])) {
      const calling = page.triggers.filter(({ actions }) => actions.some((action) => calls(action, webhooks)));
      if (calling.some(({ active }) => active !== false)) return { ok: true };
      inactive ||= calling.length > 0;
    }
    return wrong(
      inactive ? "The trigger that calls Zendesk's webhook is inactive." : "No trigger calls Zendesk's webhook.",
    );
  });
}

/** The value is the webhook's id and the body to send. */
const calls = ({ field, value }: { field: string; value?: unknown }, webhooks: ReadonlySet<string>): boolean =>
  field === 'notification_webhook' && webhooks.has(String(Array.isArray(value) ? value[0] : value));

const pathOf = (url: string | null | undefined): string | undefined =>
  url && URL.canParse(url) ? new URL(url).pathname.replace(/\/+$/, '') : undefined;

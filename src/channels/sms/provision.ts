import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SetupChange, SetupWish } from '../channel.ts';
import type { SmsAccount } from './account.ts';
import { changeSetup, readSetup, type SenderSetup } from './sender-setup.ts';
import { webhookOverrides, withoutOverrides } from './webhook-url.ts';

/** Sets where the sender's messages go (or takes the address away again, if it is ours). */
export async function provision(wish: SetupWish, account: SmsAccount, tools: Tools): Promise<Outcome<SetupChange[]>> {
  const setup = await readSetup(account, tools);
  if (setup.result !== 'done') return setup;
  if (setup.value === undefined) return done([]);
  const changes = wish.remove ? removed(setup.value, wish.webhookUrl) : wanted(setup.value, wish.webhookUrl);
  if (!wish.apply || changes.length === 0) return done(changes.map(({ change }) => change));
  const form = Object.fromEntries(changes.map(({ field, value }) => [field, value]));
  const changed = await changeSetup(setup.value, form, account, tools);
  return changed.result === 'done' ? done(changes.map(({ change }) => change)) : changed;
}

interface FieldChange {
  field: string;
  value: string;
  change: SetupChange;
}

function wanted({ fields, url, method, override }: SenderSetup, webhookUrl: string): FieldChange[] {
  const address = `${webhookUrl}${webhookOverrides}`;
  const nothing = fields.override === 'UseInboundWebhookOnNumber' ? 'false' : '';
  return [
    ...changed(fields.url, 'webhook address', url, address),
    ...changed(fields.method, 'webhook method', method, 'POST'),
    ...changed(fields.override, 'what comes before the webhook address', override, '', nothing),
  ];
}

const removed = ({ fields, url }: SenderSetup, webhookUrl: string): FieldChange[] =>
  withoutOverrides(url) === webhookUrl ? changed(fields.url, 'webhook address', url, '') : [];

const changed = (field: string, what: string, now: string, next: string, value = next): FieldChange[] =>
  now === next ? [] : [{ field, value, change: { what, now: now || 'nothing', wanted: next || 'nothing' } }];

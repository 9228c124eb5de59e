import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { SetupChange, SetupWish } from '../channel.ts';
import { asList } from '../shared/json.ts';
import type { TelegramAccount } from './account.ts';
import { callBot, troubleOfHarmless } from './client.ts';
import { allowedUpdates, missingUpdates, readWebhook, type WebhookInfo } from './setup.ts';

/** What the menu beside the input shows, if the bot has none of its own. */
const commands = [{ command: 'start', description: 'Write to us' }];

/**
 * Sets the bot's webhook with its secret, and a menu where there is none (or takes the webhook away again, if it is ours).
 * The secret cannot be read back, so it is set each time.
 */
export async function provision(
  wish: SetupWish,
  account: TelegramAccount,
  tools: Tools,
): Promise<Outcome<SetupChange[]>> {
  const webhook = await readWebhook(account, tools);
  if (webhook.kind !== 'success') return troubleOfHarmless(webhook);
  if (wish.remove) return removed(webhook.info, wish, account, tools);
  const menu = await callBot('getMyCommands', {}, account, tools);
  if (menu.kind !== 'success') return troubleOfHarmless(menu);
  const bare = asList(menu.result).length === 0;
  const changes = [...differences(webhook.info, wish.webhookUrl), ...(bare ? [menuChange] : [])];
  if (!wish.apply) return done(changes);
  const settings = {
    url: wish.webhookUrl,
    secret_token: account.secretToken.reveal(),
    allowed_updates: allowedUpdates,
  };
  const set = await callBot('setWebhook', settings, account, tools);
  if (set.kind !== 'success') return troubleOfHarmless(set);
  const shown = bare ? await callBot('setMyCommands', { commands }, account, tools) : undefined;
  return shown && shown.kind !== 'success' ? troubleOfHarmless(shown) : done(changes);
}

const menuChange: SetupChange = { what: 'menu', now: 'nothing', wanted: '/start' };

function differences(info: WebhookInfo, webhookUrl: string): SetupChange[] {
  const missing = missingUpdates(info);
  return [
    ...(info.url === webhookUrl ? [] : [{ what: 'webhook address', now: info.url || 'nothing', wanted: webhookUrl }]),
    ...(missing.length === 0
      ? []
      : [{ what: 'updates', now: info.allowed.join(', ') || 'the usual ones', wanted: allowedUpdates.join(', ') }]),
  ];
}

async function removed(
  info: WebhookInfo,
  { webhookUrl, apply }: SetupWish,
  account: TelegramAccount,
  tools: Tools,
): Promise<Outcome<SetupChange[]>> {
  if (info.url !== webhookUrl) return done([]);
  const change = { what: 'webhook address', now: webhookUrl, wanted: 'nothing' };
  const gone = apply ? await callBot('deleteWebhook', {}, account, tools) : undefined;
  return gone && gone.kind !== 'success' ? troubleOfHarmless(gone) : done([change]);
}

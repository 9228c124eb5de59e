import type { Tools } from '../../kit/tools.ts';
import { asId, asList, asNumber, asRecord, asText } from '../shared/json.ts';
import type { TelegramAccount } from './account.ts';
import { callBot, type NoSuccess } from './client.ts';

/** The updates this channel reads; reactions come only where they are asked for. */
export const allowedUpdates = [
  'message',
  'edited_message',
  'channel_post',
  'callback_query',
  'message_reaction',
  'my_chat_member',
];

/** How the bot's webhook is set (Telegram Bot API, "WebhookInfo"). */
export interface WebhookInfo {
  url: string;
  pending: number;
  allowed: string[];
  /** Telegram's own words for why the last delivery failed, and when. */
  lastError?: { at: Date; message: string };
}

export async function readWebhook(
  account: TelegramAccount,
  tools: Tools,
): Promise<{ kind: 'success'; info: WebhookInfo } | NoSuccess> {
  const answer = await callBot('getWebhookInfo', {}, account, tools);
  if (answer.kind !== 'success') return answer;
  const json = asRecord(answer.result) ?? {};
  const at = asNumber(json['last_error_date']);
  return {
    kind: 'success',
    info: {
      url: asText(json['url']) ?? '',
      pending: asNumber(json['pending_update_count']) ?? 0,
      allowed: asList(json['allowed_updates']).flatMap((name) => asId(name) ?? []),
      ...(at === undefined
        ? {}
        : { lastError: { at: new Date(at * 1000), message: asText(json['last_error_message']) ?? 'no reason given' } }),
    },
  };
}

/** Where this account's webhooks go; undefined while nobody said how the internet reaches this service. */
export const webhookUrlOf = (account: TelegramAccount, tools: Pick<Tools, 'publicUrl'>): string | undefined =>
  tools.publicUrl === undefined ? undefined : `${tools.publicUrl}/webhooks/telegram/${account.id}`;

/** Those of ours that the webhook does not get. Where none are named, all come but reactions. */
export const missingUpdates = ({ allowed }: WebhookInfo): string[] =>
  allowed.length === 0 ? ['message_reaction'] : allowedUpdates.filter((name) => !allowed.includes(name));

import { z } from 'zod';
import type { AccountAddress, AccountId } from '../../domain/ids.ts';
import { Secret } from '../../kit/secret.ts';
import { defaultCountry } from '../shared/default-country.ts';

const secret = (text = z.string().min(1)) => text.transform((value) => new Secret(value)).meta({ secret: true });

/** One WeChat Official Account (a service account). */
export const wechatAccount = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'only letters, digits, hyphens and underscores: it becomes part of URLs')
    .transform((id) => id as AccountId)
    .describe('Your name for this account. It appears in the webhook URL and in stored rows, so it never changes.'),
  kind: z.literal('wechat').describe('The channel.'),
  helpdesk: z.string().optional().describe('The id of the helpdesk its conversations go to.'),
  crm: z.string().optional().describe('The id of the CRM its history goes to.'),
  defaultCountry,
  appId: z
    .string()
    .regex(/^wx\w+$/, 'expected an AppID, which begins with wx')
    .describe("The account's AppID: WeChat admin page, Settings and Development, Basic configuration."),
  appSecret: secret().describe('The AppSecret: the same page. It is shown once, when it is made.'),
  token: secret(z.string().min(3).max(32)).describe(
    'Any text of your own of 3 to 32 letters and digits; enter the same as Token under Server configuration.',
  ),
  encodingAesKey: secret(z.string().regex(/^[A-Za-z0-9+/]{43}$/, 'expected 43 letters and digits'))
    .optional()
    .describe(
      'The EncodingAESKey of Server configuration, 43 letters and digits. With it only encrypted webhooks are taken (safe or compatible mode); without it the account must be in plain mode.',
    ),
  originalId: z
    .string()
    .regex(/^gh_\w+$/, 'expected the original id, which begins with gh_')
    .optional()
    .describe(
      "The account's original id (gh_…): Settings, Account details. Then events for another account are kept, not acted upon.",
    ),
  apiUrl: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .default('https://api.weixin.qq.com')
    .describe(
      "Where WeChat's API is; hk.api.weixin.qq.com and others are nearer to some; a simulator's address in the sandbox.",
    ),
});

export type WeChatAccount = z.output<typeof wechatAccount>;

/** Events carry the original id, which few know; without it the account's own id stands in, for the token proves the account. */
export const addressOf = (account: WeChatAccount): AccountAddress =>
  (account.originalId ?? account.id) as string as AccountAddress;

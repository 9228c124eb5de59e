import type { Outcome } from '../../domain/outcome.ts';
import type { SetupChange, SetupWish } from '../channel.ts';

/** What the operator has to enter; there is no API for it. */
export const byHand = (url: string): string =>
  `It can be entered by hand only: WeChat admin page, Settings and Development, Basic configuration, Server configuration: ${url}, your token, your encodingAesKey, safe mode.`;

/** Nothing can be set up from here: not the webhook's address, and the menu is the company's own. */
export async function provision({ webhookUrl, remove }: SetupWish): Promise<Outcome<SetupChange[]>> {
  const why = remove
    ? 'WeChat has no API that takes a webhook away: disable Server configuration in the admin page, Basic configuration.'
    : byHand(webhookUrl);
  return { result: 'never', why, code: 'by-hand' };
}

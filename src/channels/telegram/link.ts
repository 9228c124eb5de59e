import type { TelegramAccount } from './account.ts';

/** The token comes back with the command that begins the chat (Telegram, "Deep linking"). */
export const linkFor = ({ botName }: TelegramAccount, token: string) =>
  botName === undefined ? { needs: 'botName' } : { url: `https://t.me/${botName}?start=${token}` };

/** What an error of the Bot API means. */
export interface ErrorRule {
  outcome: 'later' | 'never' | 'unsure' | 'account-broken';
  /** For the agent or the operator who waits, in plain words. */
  why: string;
}

/** By `error_code`, which is the HTTP status too (Telegram Bot API, "Making requests"). Others below 500 are `never`. */
export const errorRules: Readonly<Record<number, ErrorRule>> = {
  401: { outcome: 'account-broken', why: "Telegram does not take the bot's token: it was revoked at @BotFather." },
  403: { outcome: 'never', why: 'Telegram does not let the bot write to this customer.' },
  404: { outcome: 'account-broken', why: 'Telegram knows no such bot: check botToken.' },
  409: { outcome: 'later', why: 'Another program reads the updates of this bot.' },
  413: { outcome: 'never', why: 'The file is larger than Telegram takes.' },
  429: { outcome: 'later', why: 'Telegram asks us to send more slowly.' },
};

/** Telegram tells its errors of one code apart by their description alone; this only finds better words, never the outcome. */
export const betterWords: readonly { code: number; says: RegExp; why: string }[] = [
  { code: 400, says: /chat not found/i, why: 'Telegram knows no chat with this customer.' },
  { code: 400, says: /file is too big/i, why: 'The file is larger than the 20 MB that a bot may fetch.' },
  { code: 400, says: /file_id|file identifier/i, why: 'Telegram no longer has this file.' },
  { code: 400, says: /message is too long/i, why: 'The text is longer than the 4,096 characters that Telegram takes.' },
  { code: 400, says: /text must be non-empty|text is empty/i, why: 'Telegram takes no empty texts.' },
  { code: 400, says: /BUTTON_/, why: 'Telegram does not take one of the buttons.' },
  {
    code: 403,
    says: /blocked by the user/i,
    why: 'The customer blocked the bot. They can be answered once they unblock it.',
  },
  { code: 403, says: /deactivated/i, why: "The customer's Telegram account was deleted." },
  { code: 403, says: /can't initiate/i, why: 'The customer never wrote to this bot, and a bot may not write first.' },
];

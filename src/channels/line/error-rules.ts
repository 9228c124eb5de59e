/** What a refusal of LINE's means for one message. */
export interface ErrorRule {
  status: number;
  /** LINE has no codes: within a status only the message tells cases apart. */
  says?: RegExp;
  outcome: 'later' | 'never' | 'account-broken';
  /** For us, where the case matters. */
  code?: 'reply-token' | 'monthly-limit';
  /** For the agent or the operator who waits, in plain words. */
  why: string;
}

/** The first that fits counts (Messaging API reference, "Status codes", "Error messages"). Messages of (unverified) are known from use. */
export const errorRules: readonly ErrorRule[] = [
  {
    status: 400,
    says: /invalid reply token/i,
    outcome: 'never',
    code: 'reply-token',
    why: 'The short time in which LINE takes an answer free of charge is over.',
  },
  {
    status: 400,
    says: /failed to send messages|'to'/i,
    outcome: 'never',
    why: 'LINE cannot reach this customer: the account may be deleted, or belongs to another provider.',
  },
  { status: 400, outcome: 'never', why: 'LINE refused the message as it was written.' },
  {
    status: 401,
    outcome: 'account-broken',
    why: 'LINE no longer takes the channel access token. Issue a new one and put it into channelAccessToken.',
  },
  {
    status: 403,
    outcome: 'account-broken',
    why: "The LINE channel may not do this: look at the account's plan and the channel's permissions.",
  },
  { status: 404, outcome: 'never', why: 'LINE no longer has what was asked for.' },
  { status: 410, outcome: 'never', why: 'LINE no longer has what was asked for.' },
  { status: 413, outcome: 'never', why: 'The message is larger than LINE takes (2 MB).' },
  { status: 415, outcome: 'never', why: 'LINE does not take this kind of content.' },
  {
    status: 429,
    says: /monthly limit/i,
    outcome: 'never',
    code: 'monthly-limit',
    why: "This month's messages of the LINE Official Account are used up. It can write again next month or with a larger plan; answers within a minute of a customer's message stay free.",
  },
  { status: 429, outcome: 'later', why: 'LINE asks us to send more slowly.' },
];

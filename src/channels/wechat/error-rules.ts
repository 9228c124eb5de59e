import { type Duration, hours } from '../../domain/duration.ts';

/** What an errcode of WeChat's means for one message. */
export interface ErrorRule {
  outcome: 'later' | 'never' | 'account-broken';
  /** For the agent or the operator who waits, in plain words. */
  why: string;
  after?: Duration;
  /** It is about one message, not about the account. */
  for?: 'conversation';
}

const never = (why: string): ErrorRule => ({ outcome: 'never', why });
const later = (why: string, after?: Duration): ErrorRule => ({ outcome: 'later', why, ...(after ? { after } : {}) });
const broken = (why: string): ErrorRule => ({ outcome: 'account-broken', why });

const deadToken = broken('WeChat no longer takes the access token, nor a new one.');
const wrongSecret = broken(
  'WeChat does not take AppID and AppSecret together. Put the present AppSecret (admin page, Basic configuration) into appSecret.',
);
const foreignAddress = broken(
  "WeChat takes no calls from this server's address. Add it under Basic configuration, IP whitelist; it counts within minutes.",
);
const notPermitted = broken(
  'This account may not use that API: customer service messages and templates need a verified service account.',
);
const notFollowing = never('The customer does not follow the account (any more), so WeChat lets nobody write to them.');
const noForm = never('WeChat does not take this file: its kind or size is not one it shows.');
const badMessage = never('WeChat refused the message as it was written.');
const badTemplate = never('WeChat refused the template: it is no longer the account’s, or a parameter does not fit.');
const agentsDesk = broken("WeChat's own agents' desk refuses: look at its settings in the admin page.");

/** errcodes ("Global return codes"), which come with HTTP status 200. Those of (unverified) are known from use. */
export const errorRules: Readonly<Record<number, ErrorRule>> = {
  [-1]: later('WeChat is busy.'),
  40001: deadToken,
  40003: never('WeChat knows no such customer of this account.'), // (unverified)
  40004: noForm,
  40008: badMessage,
  40012: noForm,
  40005: noForm,
  40006: noForm,
  40007: {
    ...later('WeChat no longer had the file that was left with it; it is left there again.'),
    for: 'conversation',
  }, // (unverified)
  40009: noForm,
  40010: noForm,
  40011: noForm,
  40013: wrongSecret,
  40014: deadToken,
  40033: badMessage,
  40035: badMessage,
  40037: badTemplate,
  40125: wrongSecret, // (unverified)
  40164: foreignAddress, // (unverified)
  40243: broken('The AppSecret is frozen. Unfreeze it in the admin page, Basic configuration.'), // (unverified)
  41001: deadToken,
  41002: wrongSecret,
  41004: wrongSecret,
  42001: deadToken,
  42007: deadToken, // (unverified)
  43004: notFollowing,
  43019: never('The customer is on the account’s blacklist (admin page, Users).'), // (unverified)
  43101: never('The customer refuses this notification.'),
  44001: never('The file is empty, and WeChat takes no empty files.'),
  44002: badMessage,
  44004: never('The message is empty, and WeChat takes no empty ones.'),
  45001: noForm,
  45002: never('The text is longer than WeChat takes.'),
  45007: noForm,
  45009: later("This API's calls of the day are used up. WeChat counts anew at midnight in China.", hours(1)),
  45011: later('WeChat asks us to send more slowly.'),
  45015: never(
    'The time in which WeChat lets this customer be answered is over, or they no longer follow the account. It opens again when they write; a template message still reaches followers.',
  ),
  45047: never('WeChat takes no more messages for this customer until they write again.'),
  46004: never('WeChat knows no such customer of this account.'),
  47001: badMessage,
  47003: badTemplate,
  48001: notPermitted,
  48002: never('The customer refuses messages of this account.'),
  48004: broken('WeChat has banned this API for the account; the admin page says why and until when.'),
  48006: broken('WeChat has banned the account from counting its calls anew.'),
  48008: broken('The account has no permission for template messages of this kind.'), // (unverified)
  50001: broken('The customer or the account has not permitted this API.'),
  50002: never('WeChat restricts this customer’s account.'),
  50004: broken('The account is frozen.'), // (unverified)
  50005: notFollowing,
  50007: broken('The account is frozen.'), // (unverified)
  61004: foreignAddress,
  61451: agentsDesk,
  61452: agentsDesk,
  61453: agentsDesk,
  61454: agentsDesk,
  61455: agentsDesk,
  61456: agentsDesk,
  61457: agentsDesk,
  61458: agentsDesk,
  65400: broken("WeChat's customer service is not turned on for the account."), // (unverified)
  89503: broken('An administrator of the account has to confirm this server in WeChat first.'), // (unverified)
};

/** The access token is at fault, so nothing was done: with a new one the call can be made again. */
export const blamesToken = (code: number): boolean => [40001, 40014, 41001, 42001, 42007].includes(code);

/** The message names the address that has to be let in. */
export const blamesAddress = (code: number): boolean => [40164, 61004].includes(code);

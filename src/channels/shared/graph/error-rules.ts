import type { Duration } from '../../../domain/duration.ts';

/** What an error of the Graph API means for one message. */
export interface ErrorRule {
  outcome: 'later' | 'never' | 'unsure' | 'account-broken';
  /** For the agent or the operator who waits, in plain words. */
  why: string;
  /** How long to wait where the answer itself does not say. */
  after?: Duration;
  /** It is about one customer or one file, not about the account. */
  for?: 'conversation';
}

/**
 * The errors of one part of the Graph API, by `code/subcode`; `any/subcode` whatever the code; a bare code where there is
 * no subcode; `code/other` for its subcodes not named. `mayPass`: codes that may pass by themselves where no rule says otherwise.
 */
export interface ErrorTable {
  rules: Readonly<Record<string, ErrorRule>>;
  mayPass(code: number): boolean;
}

export const never = (why: string): ErrorRule => ({ outcome: 'never', why });
export const later = (why: string, after?: Duration): ErrorRule => ({
  outcome: 'later',
  why,
  ...(after === undefined ? {} : { after }),
});
/** What has to wait is one conversation; the others go on. */
export const laterForOne = (why: string, after?: Duration): ErrorRule => ({
  ...later(why, after),
  for: 'conversation',
});
export const broken = (why: string): ErrorRule => ({ outcome: 'account-broken', why });

const windowClosed = never(
  'The time in which Meta lets a business answer this customer is over. It opens again when the customer writes.',
);
const unavailable = never(
  'Meta says this customer cannot be reached: they may have blocked the page or turned messages off.',
);
const tooFast = later('Meta asks us to send more slowly.');
const hiccup = later('Meta had a temporary problem.');
const uploadTrouble = laterForOne('Meta could not take the file this time.');
const refusedByMeta = never('Meta refused the message and does not document why.');

/** The errors of Messenger (Messenger Platform, "Error Codes"). (unverified): known from use only. */
export const errorRules: Readonly<Record<string, ErrorRule>> = {
  '1': hiccup,
  '1/99': broken('The app lacks Advanced Access, business verification or a permission.'),
  '1/1357046': { outcome: 'unsure', why: 'Meta reported a failure after which the message may have been sent.' },
  // May also mean that the person blocked the page, so whoever retries must stop after a few attempts.
  '2': hiccup,
  '2/2018344': broken("A page admin has to accept Meta's terms for contacts and labels."),
  '4': tooFast,
  '4/2018354': never('This customer was sent a marketing message too recently.'),
  '9/2018352': never('Meta limits how often this can be done for one person.'),
  '10': broken('The app lacks a permission for this page.'),
  '10/other': refusedByMeta,
  '10/2018278': windowClosed,
  '10/2534022': windowClosed,
  '10/2018065': windowClosed,
  '10/2018108': unavailable,
  '10/1893063': broken('Meta has temporarily restricted this page from sending messages.'),
  '10/1893015': never('The customer asked not to get these messages any more.'),
  '17': tooFast,
  '32': tooFast,
  '100': never('Meta refused the message as it was written.'),
  '100/33': never('Meta does not know the page or the recipient, or the app may not see them.'),
  '100/2018001': never('Meta knows no such customer on this page: the account may be deleted.'),
  '100/2018008': uploadTrouble,
  '100/2018047': uploadTrouble, // (unverified)
  '100/2018074': uploadTrouble, // (unverified)
  '100/2018109': never('The file is too large for Messenger (25 MB; images 8 MB).'),
  '102': broken('The access token is no longer valid. Connect the account again.'), // (unverified)
  '190': broken('The access token is no longer valid. Connect the account again.'),
  '190/other': broken('The access token is no longer valid. Connect the account again.'),
  '190/458': broken('The app was removed from the account. Connect it again.'), // (unverified)
  '190/460': broken('The password behind the access token was changed. Connect the account again.'), // (unverified)
  '190/463': broken('The access token has expired. Connect the account again.'), // (unverified)
  '200': broken('The app lacks a permission for this page.'),
  '200/other': refusedByMeta,
  '200/1545041': unavailable,
  '200/2018028': never('The app has no Advanced Access yet, so it may only write to people with a role in it.'), // (unverified)
  '200/2534041': never('The account owner has turned off access to messages.'),
  '230': broken('The app lacks the permission pages_messaging.'),
  '230/other': broken('The app lacks the permission pages_messaging.'),
  '341': tooFast,
  '368': broken('Meta has blocked this page for content or behaviour it does not allow.'),
  '368/other': broken('Meta has blocked this page for content or behaviour it does not allow.'),
  '551': unavailable,
  '551/other': unavailable,
  '613': tooFast,
  '613/other': tooFast,
  '1200': hiccup,
  '2022': never('Meta does not let this page send such messages at the moment.'),
  '10900': never('This comment was already answered privately.'),
  '10903': never('This comment cannot be answered privately.'),
  '10904': never('This comment is too old to be answered privately.'),
  '9000001': never('The customer has deleted their account.'),
  'any/2018300': never(
    'Another app or the page inbox owns this conversation at the moment. Have it handed back there, then send the reply again.',
  ),
  'any/2018321': never('Meta does not let an automated flow send this message.'),
};

/** Codes of the Graph API as a whole that may pass by themselves, whatever the subcode. */
export const mayPass = (code: number): boolean =>
  [1, 2, 4, 17, 32, 341, 613, 1200].includes(code) || (code >= 80000 && code <= 80014);

export const messengerErrors: ErrorTable = { rules: errorRules, mayPass };

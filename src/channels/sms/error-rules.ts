/** What an error of Twilio's means for one message. */
export interface ErrorRule {
  outcome: 'later' | 'never' | 'unsure' | 'account-broken';
  /** For the agent or the operator who waits, in plain words. */
  why: string;
}

const never = (why: string): ErrorRule => ({ outcome: 'never', why });
const later = (why: string): ErrorRule => ({ outcome: 'later', why });
const unsure = (why: string): ErrorRule => ({ outcome: 'unsure', why });
const broken = (why: string): ErrorRule => ({ outcome: 'account-broken', why });

const noSuchNumber = never('This is not a number that can get an SMS.');
const unusableSender = broken(
  'Twilio does not let this account send from its sender: check from or messagingServiceSid.',
);
const notTaken = never("The customer's phone company does not take messages from this sender.");
const fileNotFetched = never(
  'Twilio could not fetch the file to be sent: check that server.publicUrl is reachable from the internet.',
);
const unregistered = never('The sender is not registered for business messages in the United States (A2P 10DLC).');
const otherChannel = never("The message went through another of Twilio's channels, which refused it.");

/**
 * By Twilio's error code ("Error and Warning Dictionary"): those of 2xxxx answer a call, those of 3xxxx come with a status
 * callback. (unverified): known from use only.
 */
export const errorRules: Readonly<Record<number, ErrorRule>> = {
  10001: broken('The Twilio account is not active.'),
  11200: fileNotFetched,
  12300: never('Twilio does not take files of this kind.'),
  20001: never('Twilio found a parameter missing or wrong.'),
  20003: broken('Twilio does not take the auth token: it was changed, or the account was suspended.'),
  // (unverified)
  20005: broken('The Twilio account is not active.'),
  20008: broken('These are test credentials of Twilio, which send nothing.'),
  20404: broken('Twilio does not know this account: check accountSid.'),
  20429: later('Twilio asks us to send more slowly.'),
  20500: unsure('Twilio had an internal error.'),
  20503: unsure('Twilio is not available just now.'),
  21211: noSuchNumber,
  21212: unusableSender,
  21217: noSuchNumber,
  21408: never(
    'The Twilio account may not write to this country: an administrator can allow it under Messaging, Geo permissions.',
  ),
  21602: never('An SMS needs a text or a file.'),
  21603: unusableSender,
  21604: noSuchNumber,
  21606: unusableSender,
  21608: never('A trial account of Twilio may only write to numbers that were verified there.'),
  21609: broken('Twilio does not take the address for status callbacks: check server.publicUrl.'),
  21610: never(
    'The customer opted out of messages (they wrote STOP). Only they can change that, by writing START to the number.',
  ),
  21611: later('Too many messages wait at Twilio for this sender.'),
  21612: never('This sender cannot reach this number.'),
  21614: never('This number cannot get an SMS: it is not a mobile number.'),
  21617: never('The text is longer than the 1,600 characters that Twilio takes.'),
  21620: fileNotFetched,
  21623: never('Twilio takes no more than 10 files in one message.'),
  21635: noSuchNumber,
  21654: never('Twilio does not know this content template.'),
  21659: unusableSender,
  21660: unusableSender,
  21701: broken('Twilio does not know this messaging service: check messagingServiceSid.'),
  21703: broken('The messaging service has no number to send from.'),
  21704: broken('The messaging service has no number to send from.'),
  21705: broken('Twilio does not know this messaging service: check messagingServiceSid.'),
  21910: never(
    "The customer wrote through another of Twilio's channels (WhatsApp…), which this account does not answer.",
  ),
  30001: never('Too many messages waited at Twilio, and this one was dropped.'),
  30002: broken('The Twilio account is suspended.'),
  30003: never("The customer's phone cannot be reached: it is off, abroad, or without signal."),
  30004: never('The customer or their phone company blocks messages from this sender.'),
  30005: never('The number is not known, or no longer in use.'),
  30006: notTaken,
  30007: never('A phone company filtered the message as unwanted.'),
  30008: never('The message was not delivered, and the phone company does not say why.'),
  30010: never('The message costs more than the account allows for one.'),
  30011: never("The customer's number cannot get files in this country."),
  30019: never("The file is larger than the customer's phone company takes."),
  30022: later('The United States limit on messages a second was reached.'),
  30023: never("The United States limit on this sender's messages a day was reached."),
  30024: notTaken,
  30032: never('The toll-free sender is not verified.'),
  30034: unregistered,
  30036: never('The message waited longer than it was allowed to.'),
  30122: never('Twilio refused the message.'),
  30450: never('Twilio blocked the message to protect the account from fraud.'),
  63003: otherChannel,
  63007: otherChannel,
  63016: otherChannel,
  63017: otherChannel,
  63018: otherChannel,
};

/** The rule for a code; whole families where the code itself is not listed. */
export function ruleFor(code: number): ErrorRule {
  const named = errorRules[code];
  if (named) return named;
  if (code >= 63_000 && code < 64_000) return otherChannel;
  if (code >= 30_000 && code < 31_000) return never('The message was not delivered.');
  return never('Twilio refused this for a reason this service does not know.');
}

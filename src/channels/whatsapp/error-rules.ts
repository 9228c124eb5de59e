import { minutes, seconds } from '../../domain/duration.ts';
import {
  broken,
  type ErrorRule,
  type ErrorTable,
  later,
  laterForOne,
  mayPass,
  never,
} from '../shared/graph/error-rules.ts';
import { asNumber, asText, type JsonRecord } from '../shared/json.ts';

const dead = broken('The access token is no longer valid. Make a new one and put it into the configuration.');
const notPermitted = broken('The access token lacks a permission for this WhatsApp account.');
const refused = never('WhatsApp refused the message as it was written.');
const tooFast = later('WhatsApp asks us to send more slowly.', seconds(5));
const hiccup = later('WhatsApp had a temporary problem.');
const unregistered = broken('The phone number is not (or no longer) registered for the Cloud API.');
const marketing = never('WhatsApp held the message back: it limits how much advertising one person gets.');
const windowClosed = never(
  'More than 24 hours have passed since the customer last wrote. WhatsApp then lets a business send approved templates only.',
);
const wrongTemplate = never('The template does not take what was filled in.');

/**
 * WhatsApp's errors (Cloud API, "Error codes"), by code; they come as the answer to a call or later in a status.
 * (unverified): what the code means is known from use only.
 */
const byCode: Readonly<Record<number, ErrorRule>> = {
  0: dead,
  190: dead,
  3: notPermitted,
  10: notPermitted,
  200: notPermitted,
  131005: notPermitted,
  1: hiccup,
  2: hiccup,
  131000: hiccup,
  131016: hiccup,
  132069: hiccup,
  133000: hiccup,
  133004: hiccup,
  131057: later('WhatsApp is moving this number; that takes about a minute.', minutes(1)),
  133015: later('The number was deleted a moment ago; WhatsApp wants five minutes.', minutes(5)),
  4: tooFast,
  613: tooFast,
  80007: tooFast,
  130429: tooFast,
  131064: tooFast, // (unverified)
  // One message in six seconds to one person, after a burst.
  131056: laterForOne('WhatsApp asks us to write to this customer more slowly.', seconds(6)),
  33: never('WhatsApp does not know the recipient.'),
  100: refused,
  131008: refused,
  131009: refused,
  131051: refused,
  131055: refused, // (unverified)
  135000: refused,
  368: broken('Meta has blocked this WhatsApp account for breaking its rules.'),
  131031: broken('Meta has locked this WhatsApp account.'),
  131037: broken('The display name of the number is not approved yet.'), // (unverified)
  131042: broken('There is a problem with how this WhatsApp account is paid for.'),
  131045: broken('The phone number is not registered rightly.'), // (unverified)
  131048: broken('WhatsApp holds this number back: too many people blocked or reported its messages.'),
  133005: unregistered, // (unverified)
  133006: unregistered, // (unverified)
  133008: unregistered, // (unverified)
  133009: unregistered, // (unverified)
  133010: unregistered,
  133016: unregistered, // (unverified)
  470: windowClosed,
  131047: windowClosed,
  130403: never('The business has blocked this customer.'),
  130472: marketing,
  131049: marketing,
  130497: never('Meta does not let this business write to people in that country.'),
  131021: never('The customer has the same number as the business.'),
  131026: never(
    'The message cannot be delivered: the number is not on WhatsApp, or its app is too old, or it blocked the business.',
  ),
  131030: never('While the number is a test number, only recipients on its list can be written to.'), // (unverified)
  131050: never('The customer does not want advertising from this business.'),
  131052: never('WhatsApp could not pass on the file.'),
  131053: never('WhatsApp could not take the file: perhaps its kind or its size.'),
  131062: never("This message needs the customer's phone number, which WhatsApp does not tell."),
  131063: never('WhatsApp does not know the customer by this id any more.'), // (unverified)
  132000: wrongTemplate,
  132001: never('There is no approved template of that name in that language.'),
  132005: never('The template, filled in, is too long.'),
  132007: never('The template breaks the rules of WhatsApp.'),
  132012: wrongTemplate,
  132015: never('The template is paused because too many people disliked it.'),
  132016: never('The template was disabled because too many people disliked it.'),
  132018: wrongTemplate, // (unverified)
  132068: never('The form (flow) in the template is blocked.'),
  2200: never('Meta called the webhook address and did not get the right answer.'),
  134011: never('The terms for payments are not accepted.'), // (unverified)
};

/** Subcodes only tell more of what the code says, but for this one: the account's own ids are wrong. */
const withSubcode: Readonly<Record<string, ErrorRule>> = {
  '100/33': broken('Meta does not know the phone number id, or the access token may not see it.'),
};

const otherPermissions = Array.from({ length: 99 }, (_, i) => [201 + i, notPermitted] as const);

export const whatsappErrors: ErrorTable = {
  rules: {
    ...Object.fromEntries(
      [...otherPermissions, ...Object.entries(byCode)].flatMap(([code, rule]) => [
        [`${code}`, rule],
        [`${code}/other`, rule],
      ]),
    ),
    ...withSubcode,
  },
  mayPass,
};

/** For agents: why a message failed that had been taken. */
export function reasonOf(error: JsonRecord | undefined): string {
  const code = asNumber(error?.['code']);
  const known = code === undefined ? undefined : whatsappErrors.rules[`${code}`]?.why;
  const told = known ?? asText(error?.['title']) ?? 'WhatsApp could not deliver the message.';
  return code === undefined ? told : `${told} (error ${code})`;
}

import { broken, type ErrorTable, errorRules, later, mayPass, never } from '../shared/graph/error-rules.ts';

const tooFast = later('Meta asks us to send more slowly.');

/** The errors of Instagram messaging ("Error codes"), as far as they differ from those of Messenger. (unverified): from use only. */
export const instagramErrors: ErrorTable = {
  rules: {
    ...errorRules,
    '10': broken('The app lacks a permission for this account.'),
    '10/1893063': broken('Meta has temporarily restricted this account from sending messages.'),
    '100/33': never('Meta does not know the account or the recipient, or the app may not see them.'),
    '100/2534014': never(
      'Meta finds no such customer for this account: they may have deleted theirs, or never written in a chat.',
    ),
    '100/2018001': never('Meta knows no such customer of this account: theirs may be deleted.'),
    '100/2018109': never('The file is too large for Instagram (25 MB; images 8 MB).'),
    '200': broken('The app lacks a permission for this account.'),
    '200/2534041': broken(
      'Access to messages is switched off: in the Instagram app, under Messages and story replies, Message controls, Connected tools, allow access to messages.',
    ),
    '230': broken('The app lacks the permission to manage messages.'),
    '230/other': broken('The app lacks the permission to manage messages.'),
    '368': broken('Meta has blocked this account for content or behaviour it does not allow.'),
    '368/other': broken('Meta has blocked this account for content or behaviour it does not allow.'),
    '551': unavailable(),
    '551/other': unavailable(),
    '200/1545041': unavailable(),
    '613/2534040': tooFast,
    '2022': never('Meta does not let this account send such messages at the moment.'),
  },
  mayPass,
};

function unavailable() {
  return never('Meta says this customer cannot be reached: they may have blocked the account or turned messages off.');
}

import type { Channel } from '../channel.ts';
import { graphUses } from '../shared/graph/api-uses.ts';
import { answerHandshake } from '../shared/graph/handshake.ts';
import { verifySignature } from '../shared/graph/signature.ts';
import { readRemoval, readSignedRequest } from '../shared/graph/signed-request.ts';
import { addressOf, type MessengerAccount, messengerAccount } from './account.ts';
import { findAppUser } from './app-user.ts';
import { checkHealth } from './health.ts';
import { limits } from './limits.ts';
import { linkFor } from './link.ts';
import { lookUpSent } from './look-up-sent.ts';
import { fetchMedia } from './media.ts';
import { fetchProfile } from './profile.ts';
import { provision } from './provision.ts';
import { readHistory } from './read-history.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';
import { markSeen, showTyping } from './sender-action.ts';
import { checkSubscription, subscribe } from './subscription.ts';

/** Facebook Messenger: the conversations of a Facebook Page. */
export const messenger: Channel<MessengerAccount> = {
  kind: 'messenger',
  label: 'Messenger',
  account: messengerAccount,
  limits,
  addressOf,
  optOutCodes: { '10/1893015': 'marketing' },
  appIdOf: (account) => account.appId,
  // Page Inbox, as the Messenger Platform's page on echoes names it.
  inboxAppIds: ['263902037430900'],
  mayWriteAsHuman: (account) => account.humanAgent,
  verify: (request, account) => verifySignature(request, account.appSecret),
  greet: (request, accounts) =>
    answerHandshake(
      request,
      accounts.map((account) => account.verifyToken),
    ),
  receive,
  send,
  showTyping,
  markSeen,
  fetchProfile,
  fetchMedia,
  lookUpSent,
  actsWithin: (account) => account.actsWithin,
  readDeletion: (request, account) => readSignedRequest(request, account.appSecret),
  readRemoval: (request, account) => readRemoval(request, account.appSecret),
  findAppUser,
  linkFor,
  checkHealth,
  uses: graphUses,
  provision,
  takeOverHelp:
    'To answer from here, hand it back in the other app or in the page inbox; an administrator can make this app the default under Page settings, Conversation Routing.',
  readHistory,
  checkSubscription,
  subscribe,
};

import type { Channel } from '../channel.ts';
import { graphUses } from '../shared/graph/api-uses.ts';
import { answerHandshake } from '../shared/graph/handshake.ts';
import { readRemoval, readSignedRequest } from '../shared/graph/signed-request.ts';
import { addressOf, type InstagramAccount, instagramAccount } from './account.ts';
import { lookUpSent, readHistory } from './conversations.ts';
import { checkHealth } from './health.ts';
import { limits } from './limits.ts';
import { linkFor } from './link.ts';
import { fetchMedia } from './media.ts';
import { fetchProfile } from './profile.ts';
import { provision } from './provision.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';
import { markSeen, showTyping } from './sender-action.ts';
import { checkSubscription, subscribe } from './subscription.ts';
import { verify } from './verify.ts';

/** Instagram: the messages of a professional account, and the comments under its posts. */
export const instagram: Channel<InstagramAccount> = {
  kind: 'instagram',
  label: 'Instagram',
  account: instagramAccount,
  limits,
  addressOf,
  echoesUnmarked: true,
  mayWriteAsHuman: (account) => account.humanAgent,
  verify,
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
  linkFor,
  checkHealth,
  uses: graphUses,
  provision,
  takeOverHelp:
    'To answer from here, hand it back in the other app or in the Instagram inbox; an administrator can make this app the default under Conversation Routing.',
  readHistory,
  checkSubscription,
  subscribe,
};

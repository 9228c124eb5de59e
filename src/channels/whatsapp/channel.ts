import type { PlatformUserId } from '../../domain/ids.ts';
import type { Channel } from '../channel.ts';
import { graphUses } from '../shared/graph/api-uses.ts';
import { answerHandshake } from '../shared/graph/handshake.ts';
import { verifySignature } from '../shared/graph/signature.ts';
import { addressOf, groupAddressOf, type WhatsAppAccount, whatsappAccount } from './account.ts';
import { declineGroup } from './decline-group.ts';
import { checkHealth } from './health.ts';
import { limits } from './limits.ts';
import { linkFor } from './link.ts';
import { fetchMedia } from './media.ts';
import { markSeen, showTyping } from './presence.ts';
import { provision } from './provision.ts';
import { receive } from './receive.ts';
import { send } from './send.ts';
import { checkSubscription, subscribe } from './subscription.ts';
import { listTemplates } from './templates.ts';

/** WhatsApp: the conversations of a phone number on the Cloud API. */
export const whatsapp: Channel<WhatsAppAccount> = {
  kind: 'whatsapp',
  label: 'WhatsApp',
  account: whatsappAccount,
  limits,
  addressOf,
  checksPhones: true,
  optOutCodes: { '131050': 'marketing' },
  addressOfPhone: (phone) => phone.replace(/^\+/, '') as PlatformUserId,
  groupAddressOf,
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
  fetchMedia,
  listTemplates,
  declineGroup,
  linkFor,
  checkHealth,
  uses: graphUses,
  provision,
  checkSubscription,
  subscribe,
};

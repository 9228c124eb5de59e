import type { InboundEvent } from '../../domain/event.ts';
import type { AccountAddress } from '../../domain/ids.ts';
import type { VerifiedRequest } from '../../kit/webhook.ts';
import type { Received, WebhookAnswer } from '../channel.ts';
import { fingerprint } from '../shared/fingerprint.ts';
import type { JsonRecord } from '../shared/json.ts';
import { addressOf, type WeChatAccount } from './account.ts';
import { fieldsOf } from './body.ts';
import { readEvent } from './read-event.ts';
import { readMessage } from './read-message.ts';
import { openSealed } from './seal.ts';
import { type Item, readItem, type Told, word } from './wire.ts';

/** "Passive replies": taken, and nothing to answer. It need not be sealed. Anything else is shown to the customer as an outage. */
const success: WebhookAnswer = { status: 200, contentType: 'text/plain', body: 'success' };

/** One message or event comes in each webhook; some events list several templates, each of which becomes one. */
export function receive(request: VerifiedRequest, account?: WeChatAccount): Received {
  const outer = fieldsOf(request.body);
  if (!outer) return { malformed: 'the body is neither XML that begins with <xml> nor a JSON object' };
  const inner = opened(outer, account);
  if ('malformed' in inner) return inner;
  const item = readItem(inner.fields);
  const told = item.type === 'event' || item.event !== '' ? readEvent(item) : [saidIn(item)];
  const to = addressIn(item, account);
  const events = told.map(({ part, ...event }) => {
    const id = idOf(item, part);
    return { ...event, to, id, at: item.at } as InboundEvent;
  });
  return { events, answer: success };
}

/** What is sealed counts, not what stands beside it in compatible mode. Without a key there only is what stands there. */
function opened(outer: JsonRecord, account: WeChatAccount | undefined): { fields: JsonRecord } | { malformed: string } {
  const sealed = outer['Encrypt'];
  if (typeof sealed !== 'string') return { fields: outer };
  const key = account?.encodingAesKey;
  if (!key) return outer['MsgType'] === undefined ? { malformed: withoutKey } : { fields: outer };
  const content = openSealed(sealed, key)?.content;
  const fields = content && fieldsOf(content);
  return fields ? { fields } : { malformed: otherKey };
}

const withoutKey = 'the body is encrypted, and the account has no encodingAesKey';
const otherKey = 'the body cannot be decrypted: encodingAesKey is not the EncodingAESKey of Server configuration';

const saidIn = (item: Item): Told =>
  item.type === '' ? { type: 'unsupported', what: 'message without a type' } : readMessage(item);

/** Without `originalId` the proof names the account, so that its original id need not be known. */
function addressIn({ fields }: Item, account: WeChatAccount | undefined): AccountAddress {
  if (account && account.originalId === undefined) return addressOf(account);
  return (word(fields, 'ToUserName') ?? '') as AccountAddress;
}

/**
 * Messages have an id. Events have none: WeChat says to tell them apart by sender and second; a repeat says the same. What
 * else identifies one joins in, so that two of a second stay two.
 */
function idOf({ fields, type, event, key, customer }: Item, part = ''): string {
  const messageId = word(fields, 'MsgId');
  if (messageId !== undefined && type !== 'event') return messageId;
  const what = event === '' ? fields : [event, key ?? '', word(fields, 'MsgID') ?? '', part];
  return fingerprint(customer ?? '', word(fields, 'CreateTime') ?? '', what);
}

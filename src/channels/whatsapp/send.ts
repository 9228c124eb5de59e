import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { done } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing, SendResult } from '../channel.ts';
import { callGraph, type GraphAnswer } from '../shared/graph/client.ts';
import { troubleOf } from '../shared/graph/trouble.ts';
import { asId, asList, asRecord, type JsonRecord } from '../shared/json.ts';
import { accessOf, type WhatsAppAccount } from './account.ts';
import { whatsappErrors } from './error-rules.ts';
import { markerLength } from './limits.ts';
import { cardContent } from './send-card.ts';
import { templateContent } from './send-template.ts';
import { textContent } from './send-text.ts';
import { uploadFile } from './upload.ts';
import { isPhone } from './wire.ts';

/** Sends one bubble (Cloud API, "Messages"). A file is uploaded first, which nobody sees. */
export async function send(outgoing: Outgoing, account: WhatsAppAccount, tools: Tools): Promise<SendResult> {
  const content = await contentOf(outgoing, account, tools);
  if (content.result !== 'done') return content;
  const body = {
    messaging_product: 'whatsapp',
    recipient_type: 'individual',
    ...recipientOf(outgoing.to),
    ...(outgoing.replyTo === undefined ? {} : { context: { message_id: outgoing.replyTo } }),
    ...content.value,
    biz_opaque_callback_data: outgoing.marker.slice(0, markerLength),
  };
  return resultOf(await post(body, account, tools));
}

export const post = (body: JsonRecord, account: WhatsAppAccount, tools: Tools): Promise<GraphAnswer> =>
  callGraph({ method: 'POST', path: `/${account.phoneNumberId}/messages`, body }, accessOf(account), tools);

async function contentOf({ body }: Outgoing, account: WhatsAppAccount, tools: Tools): Promise<Outcome<JsonRecord>> {
  switch (body.type) {
    case 'text':
      return done(textContent(body.text, body.choices ?? []));
    case 'card':
    case 'receipt':
      return done(cardContent(body));
    case 'file':
      return fileContent(body, account, tools);
    case 'template':
      return templateContent(body, account, tools);
    default:
      return body satisfies never;
  }
}

async function fileContent(
  file: Extract<Outgoing['body'], { type: 'file' }>,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<JsonRecord>> {
  const uploaded = await uploadFile(file, account, tools);
  if (uploaded.result !== 'done') return uploaded;
  const { kind, id } = uploaded.value;
  return done({ type: kind, [kind]: { id, ...(kind === 'document' ? { filename: file.name } : {}) } });
}

/** People with a username may be known by their business-scoped id alone. */
const recipientOf = (to: PlatformUserId): JsonRecord => (isScoped(to) && !isPhone(to) ? { recipient: to } : { to });

const isScoped = (id: string): boolean => /^[A-Z]{2}\./.test(id);

/** 200 says that WhatsApp took the message; whether it arrives is told by its statuses. */
function resultOf(answer: GraphAnswer): SendResult {
  if (answer.kind !== 'success') return troubleOf(answer, whatsappErrors);
  const id = asId(asRecord(asList(answer.json['messages'])[0])?.['id']);
  return id === undefined
    ? { result: 'unsure', why: 'WhatsApp accepted the message but did not say which it became.' }
    : { result: 'sent', id: id as MessageId };
}

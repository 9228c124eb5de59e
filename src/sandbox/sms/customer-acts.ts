import type { CustomerPart, SandboxFile } from '../contract.ts';
import { countSegments } from './segments.ts';
import { customerOf, newSid, type StoredMessage, type World } from './state.ts';

const stopWords = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'END', 'QUIT', 'CANCEL', 'REVOKE', 'OPTOUT'];
const startWords = ['START', 'YES', 'UNSTOP'];

/** The customer writes; Twilio calls the number's address, or its service's. */
export async function customerSends(
  world: World,
  user: string,
  part: CustomerPart,
  options: { replyTo?: string; at?: Date } = {},
): Promise<string> {
  customerOf(world.state, user);
  const { text, files } = contentOf(part);
  const message: StoredMessage = {
    sid: newSid(files.length > 0 ? 'MM' : 'SM'),
    direction: 'inbound',
    user,
    body: text,
    files: files.map((file) => ({ ...file, sid: newSid('ME') })),
    status: 'received',
    errorCode: null,
    createdAt: options.at ?? new Date(),
    sentAt: options.at ?? new Date(),
    segments: countSegments(text),
  };
  world.state.messages.push(message);
  const optOut = heed(world, user, text);
  world.changed();
  await world.call(inboundUrl(world), formOf(world, message, optOut));
  return message.sid;
}

/** An SMS has text and files, nothing else. */
function contentOf(part: CustomerPart): { text: string; files: SandboxFile[] } {
  if (part.type === 'text') return { text: part.text, files: [] };
  if ('files' in part) return { text: part.text ?? '', files: part.files };
  throw new Error(`an SMS cannot hold a ${part.type}`);
}

/** Words that end and allow messages are heeded by Twilio itself. */
function heed(world: World, user: string, text: string): 'STOP' | 'START' | undefined {
  const word = text.trim().toUpperCase();
  const customer = customerOf(world.state, user);
  if (stopWords.includes(word)) customer.optedOut = true;
  else if (startWords.includes(word) && customer.optedOut) customer.optedOut = false;
  else return undefined;
  return customer.optedOut ? 'STOP' : 'START';
}

/** Where messages to the number go. */
export function inboundUrl({ options, state }: World): string {
  const viaService = options.serviceSid !== undefined && !state.service.useNumbers;
  return (viaService ? state.service.url : state.number.url) ?? '';
}

function formOf(world: World, message: StoredMessage, optOut: string | undefined): Record<string, string> {
  const { accountSid, number, serviceSid } = world.options;
  const media = message.files.flatMap((file, index) => [
    [`MediaUrl${index}`, `${world.url}/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}/Media/${file.sid}`],
    [`MediaContentType${index}`, file.contentType],
  ]);
  return {
    ToCountry: 'US',
    SmsMessageSid: message.sid,
    NumMedia: String(message.files.length),
    SmsSid: message.sid,
    SmsStatus: 'received',
    Body: message.body,
    FromCountry: 'US',
    To: number,
    NumSegments: String(message.segments),
    MessageSid: message.sid,
    AccountSid: accountSid,
    From: message.user,
    ApiVersion: '2010-04-01',
    ...Object.fromEntries(media),
    ...(serviceSid === undefined ? {} : { MessagingServiceSid: serviceSid, ...(optOut ? { OptOutType: optOut } : {}) }),
  };
}

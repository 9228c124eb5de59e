import type { StoredFile, StoredMessage, World } from './state.ts';
import { newSid } from './state.ts';

const fetchWithinMs = 10_000;
const pictures = ['image/jpeg', 'image/jpg', 'image/png', 'image/gif'];

/** What becomes of a message once it was accepted: files are fetched, and every step is told to the status callback. */
export async function deliver(world: World, message: StoredMessage, urls: string[]): Promise<void> {
  const files = await Promise.all(urls.map(fetched));
  const refused = files.find((file) => typeof file === 'number');
  message.files = files.filter((file) => typeof file !== 'number');
  if (typeof refused === 'number') return step(world, message, 'failed', refused);
  message.sentAt = new Date();
  await step(world, message, 'sent');
  const customer = world.state.customers.get(message.user);
  if (!customer) return step(world, message, 'undelivered', 30005);
  if (customer.unreachable !== undefined) return step(world, message, 'undelivered', customer.unreachable);
  await step(world, message, 'delivered');
}

/** The file, or the code of why there is none. */
async function fetched(url: string): Promise<StoredFile | number> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(fetchWithinMs) }).catch(() => undefined);
  if (!answer?.ok) return 11200;
  const bytes = Buffer.from(await answer.arrayBuffer());
  const contentType = answer.headers.get('content-type')?.split(';')[0] ?? '';
  if (!/^(?:image|video|audio|text|application)\//.test(contentType)) return 12300;
  if (bytes.length > (pictures.includes(contentType) ? 5_000_000 : 600_000)) return 30019;
  return { sid: newSid('ME'), name: new URL(url).pathname.split('/').at(-1) ?? 'file', contentType, bytes };
}

async function step(world: World, message: StoredMessage, status: string, errorCode?: number): Promise<void> {
  // The simulator may have been reset meanwhile.
  if (!world.state.messages.includes(message)) return;
  message.status = status;
  message.errorCode = errorCode ?? null;
  world.changed();
  if (message.statusCallback !== undefined) await world.call(message.statusCallback, callback(world, message));
}

function callback({ options }: World, message: StoredMessage): Record<string, string> {
  const done = message.status === 'delivered' ? { RawDlrDoneDate: rawTime(new Date()) } : {};
  return {
    MessageSid: message.sid,
    SmsSid: message.sid,
    MessageStatus: message.status,
    SmsStatus: message.status,
    To: message.user,
    From: options.number,
    AccountSid: options.accountSid,
    ApiVersion: '2010-04-01',
    ...(options.serviceSid === undefined ? {} : { MessagingServiceSid: options.serviceSid }),
    ...(message.errorCode === null ? {} : { ErrorCode: String(message.errorCode) }),
    ...done,
  };
}

/** YYMMDDhhmm. */
const rawTime = (at: Date): string => at.toISOString().replace(/\D/g, '').slice(2, 12);

import { seconds } from '../../domain/duration.ts';
import type { MessageId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Choice, Outgoing, OutgoingBody, SendResult } from '../channel.ts';
import { asNumber, asText, type JsonRecord } from '../shared/json.ts';
import { withoutForms } from '../shared/plain-body.ts';
import { isReachable, type SmsAccount, senderForm, senderOf } from './account.ts';
import { callTwilio, ofAccount, type TwilioAnswer, troubleOf, troubleOfCode } from './client.ts';
import { limits, mostBytes } from './limits.ts';
import { segmentsOf } from './segments.ts';
import { statusCallbackOf } from './webhook-url.ts';

/** Sends one bubble (Twilio, "Messages resource: create"). What becomes of it comes to the status callback, with our marker. */
export async function send(outgoing: Outgoing, account: SmsAccount, tools: Tools): Promise<SendResult> {
  if (!isReachable(outgoing.to)) return notReachable;
  const content = await contentOf(withoutForms(outgoing.body), account, tools);
  if ('result' in content) return content;
  const callback = statusCallbackOf(outgoing.marker, account, tools);
  const form = {
    To: outgoing.to,
    ...senderOf(account),
    ...content.fields,
    ...validity(outgoing),
    ...(callback === undefined ? {} : { StatusCallback: callback }),
  };
  const answer = await callTwilio({ method: 'POST', path: ofAccount(account, '/Messages.json'), form }, account, tools);
  const result = resultOf(answer);
  if (result.result === 'sent') tools.log.info('sms.sent', { account: account.id, ...costOf(content.fields) });
  return result;
}

/** "ValidityPeriod": so many seconds Twilio holds it before it gives it up. */
const validity = ({ validFor }: Outgoing): Record<string, string> =>
  validFor === undefined
    ? {}
    : { ValidityPeriod: String(Math.ceil(Math.min(Math.max(validFor, seconds(5)), limits.lapses) / 1_000)) };

/** What a message is paid by; a file is one unit, whatever its size. */
const costOf = ({ Body }: Record<string, string>) =>
  Body === undefined ? { encoding: 'MMS', segments: 1 } : segmentsOf(Body);

type Content = { fields: Record<string, string> } | Extract<SendResult, { result: 'never' }>;

function contentOf(
  body: ReturnType<typeof withoutForms>,
  account: SmsAccount,
  tools: Tools,
): Content | Promise<Content> {
  if (body.type === 'template') return never('SMS has no approved templates.', 'no-templates');
  if (body.type === 'file') return fileContent(body, account, tools);
  const text = withChoices(body.text, body.choices ?? []);
  return text.length > limits.textLength
    ? never('The text with its choices is too long for an SMS.', 'too-long')
    : { fields: { Body: text } };
}

/** An SMS has nothing to tap, so choices are a numbered list, and links stand as they are. */
function withChoices(text: string, choices: readonly Choice[]): string {
  const lines = choices.map((choice, index) =>
    'url' in choice ? `${choice.title}: ${choice.url}` : `${index + 1}. ${choice.title}`,
  );
  return [text, ...lines].join('\n');
}

async function fileContent(
  file: Extract<OutgoingBody, { type: 'file' }>,
  account: SmsAccount,
  tools: Tools,
): Promise<Content> {
  if (senderForm(account) === 'name') return never('A sender that is a name cannot send files.', 'no-files');
  if (file.bytes.length === 0) return never('The file is empty, and Twilio takes no empty files.', 'empty');
  const most = mostBytes(file.contentType);
  if (file.bytes.length > most) return tooLarge(most);
  if (!tools.publish) return notPublic;
  return { fields: { MediaUrl: await tools.publish(file) } };
}

const never = (why: string, code: string): Extract<SendResult, { result: 'never' }> => ({ result: 'never', why, code });

const tooLarge = (most: number) =>
  never(`The file is larger than the ${most / 1000} kB that can be sent of this kind by MMS.`, 'too-large');
const notPublic = never(
  'Twilio fetches files from this service, which does not know its own address: an administrator has to set server.publicUrl.',
  'no-public-url',
);
const notReachable = never(
  'This customer did not write from a phone number, so that an SMS cannot reach them.',
  'no-number',
);

function resultOf(answer: TwilioAnswer): SendResult {
  if (answer.kind !== 'success') return troubleOf(answer);
  const refused = refusedAtOnce(answer.json);
  if (refused) return refused;
  const id = asText(answer.json['sid']);
  return id === undefined
    ? { result: 'unsure', why: 'Twilio accepted the message but did not say which it became.' }
    : { result: 'sent', id: id as MessageId };
}

/** Some messages are made only to fail, with the reason in them. */
function refusedAtOnce(json: JsonRecord): SendResult | undefined {
  const failed = ['failed', 'undelivered', 'canceled'].includes(asText(json['status']) ?? '');
  return failed ? troubleOfCode(asNumber(json['error_code']) ?? 0) : undefined;
}

import { done, type Outcome } from '../../domain/outcome.ts';
import type { MediaPart } from '../../domain/part.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { Tools } from '../../kit/tools.ts';
import { bearerOf, callGraph, type GraphAnswer } from '../shared/graph/client.ts';
import { troubleOfHarmless } from '../shared/graph/trouble.ts';
import { asText } from '../shared/json.ts';
import { accessOf, type WhatsAppAccount } from './account.ts';
import { whatsappErrors } from './error-rules.ts';

/**
 * A customer's file (Cloud API, "Download media"): its id, which holds for 7 days, gives a link for about five minutes, and
 * the link wants the token too. A link that leads nowhere is asked for once more.
 */
export async function fetchMedia(
  part: MediaPart,
  account: WhatsAppAccount,
  tools: Tools,
): Promise<Outcome<FetchedFile>> {
  const first = await fetchOnce(part, account, tools);
  return first === 'gone' ? orGone(await fetchOnce(part, account, tools)) : first;
}

const orGone = (fetched: Outcome<FetchedFile> | 'gone'): Outcome<FetchedFile> => (fetched === 'gone' ? gone : fetched);

async function fetchOnce(part: MediaPart, account: WhatsAppAccount, tools: Tools) {
  const link = await linkTo(part, account, tools);
  if (link.result !== 'done') return link;
  const fetched = await tools.download(link.value, { headers: bearerOf(account.token) });
  return fetched.result === 'never' && saysGone(fetched.code) ? 'gone' : fetched;
}

async function linkTo(part: MediaPart, account: WhatsAppAccount, tools: Tools): Promise<Outcome<string>> {
  if (part.mediaId === undefined) return givenLink(part.url, account);
  const query = { phone_number_id: account.phoneNumberId };
  const call = { method: 'GET', path: `/${encodeURIComponent(part.mediaId)}`, query } as const;
  const answer = await callGraph(call, accessOf(account), tools);
  if (isUnknown(answer)) return gone;
  if (answer.kind !== 'success') return troubleOfHarmless(answer, whatsappErrors);
  const url = asText(answer.json['url']);
  return url === undefined ? noLink : done(url);
}

/** Of an id that has expired Meta says that there is no such object. */
const isUnknown = (answer: GraphAnswer): boolean =>
  answer.kind === 'refusal' && [33, 100, 131052].includes(answer.refusal.code ?? 0);

/** The token goes to Meta's own hosts alone, whatever a webhook says. */
function givenLink(url: string | undefined, { apiUrl }: WhatsAppAccount): Outcome<string> {
  if (url === undefined || !URL.canParse(url)) return noLink;
  const { protocol, hostname, host } = new URL(url);
  const trusted = host === new URL(apiUrl).host || (protocol === 'https:' && metaHosts.test(hostname));
  return trusted ? done(url) : noLink;
}

const metaHosts = /(?:^|\.)(?:fbsbx\.com|whatsapp\.net|fbcdn\.net|facebook\.com)$/;

const noLink = { result: 'never', why: 'WhatsApp gave no link to this file.' } as const;
const gone = {
  result: 'never',
  why: 'WhatsApp no longer has this file: it keeps files for seven days.',
  code: 'gone',
} as const;

const saysGone = (code: string | undefined): boolean => /\b(?:401|403|404|410)\b/.test(code ?? '');

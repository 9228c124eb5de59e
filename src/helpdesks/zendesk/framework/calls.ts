import { calledReplyId } from '../../../domain/called-reply.ts';
import type { Outcome } from '../../../domain/outcome.ts';
import { sha256Hex } from '../../../kit/crypto.ts';
import { Secret } from '../../../kit/secret.ts';
import type { AgentFile, HelpdeskCall, HelpdeskCallAnswer, HelpdeskCallRead } from '../../called.ts';
import type { ZendeskAccount } from '../account.ts';
import { adminPage } from './admin-page.ts';
import { limits, refusedStatus } from './facts.ts';
import { isKey, isMetadata, metadataFor, type SecretCall } from './keys.ts';
import { manifestOf } from './manifest.ts';
import { toldIn } from './told.ts';

const secretCalls: Readonly<Record<SecretCall, { method: string; read: typeof manifest }>> = {
  manifest: { method: 'GET', read: manifest },
  admin: { method: 'POST', read: admin },
  channelback: { method: 'POST', read: channelback },
  events: { method: 'POST', read: events },
};

/** What Zendesk asks of an integration (Zendesk developer docs, "Understanding the Channel framework"). */
export function readCall(call: HelpdeskCall, account: ZendeskAccount): HelpdeskCallRead {
  if (account.mode !== 'channel') return 'unknown';
  const { name, key, request } = call;
  if (key === undefined && request.method === 'GET') {
    if (name === 'health') return { answer: json({ ok: true }) };
    if (name === 'open') return clickthrough(call);
  }
  if (!Object.hasOwn(secretCalls, name)) return 'unknown';
  const { method, read } = secretCalls[name as SecretCall];
  if (request.method !== method || key === undefined) return 'unknown';
  return isKey(account, name as SecretCall, key) ? read(call, account) : 'forged';
}

const json = (body: object, status = 200): HelpdeskCallAnswer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

function clickthrough({ request }: HelpdeskCall): HelpdeskCallRead {
  const id = request.query['external_id'];
  return id ? { goTo: id.slice(0, limits.idLength) } : { malformed: 'expected the parameter external_id' };
}

function manifest({ publicUrl }: HelpdeskCall, account: ZendeskAccount): HelpdeskCallRead {
  if (publicUrl === undefined) return { malformed: 'server.publicUrl is not set, so there is no address to tell' };
  return { answer: json(manifestOf(account, publicUrl)) };
}

function admin({ request }: HelpdeskCall, account: ZendeskAccount): HelpdeskCallRead {
  const form = formIn(request.body);
  const instance = form.get('instance_push_id');
  const token = form.get('zendesk_access_token');
  const returnUrl = form.get('return_url') ?? '';
  if (!instance || !token) return { malformed: 'expected instance_push_id and zendesk_access_token' };
  if (!isOfZendesk(account, returnUrl)) return { malformed: 'return_url is not at this Zendesk' };
  if (!isSubdomain(account, form.get('subdomain'))) return { malformed: 'this helpdesk is of another Zendesk' };
  const filled = {
    returnUrl,
    name: form.get('name') || account.integrationName,
    metadata: metadataFor(account, instance),
    locale: form.get('locale') ?? 'en',
  };
  return {
    connect: { instance, token: new Secret(token) },
    answered: (outcome: Outcome<void>) => adminPage(filled, outcome),
  };
}

/** Where the form may go: to Zendesk's own hosts, or to where this account is (a simulator). */
function isOfZendesk({ url }: ZendeskAccount, returnUrl: string): boolean {
  if (!URL.canParse(returnUrl)) return false;
  const { protocol, hostname, origin } = new URL(returnUrl);
  return (protocol === 'https:' && hostname.endsWith('.zendesk.com')) || origin === new URL(url).origin;
}

/** A Zendesk by another name (a host of the company's own) cannot be compared. */
function isSubdomain({ url }: ZendeskAccount, subdomain: string | null): boolean {
  const own = /^([^.]+)\.zendesk\.com$/.exec(new URL(url).hostname)?.[1];
  return own === undefined || own === subdomain?.toLowerCase();
}

const noSuchThread =
  'Passerelle does not know this conversation (any more), so the reply was not sent. If the customer asked to be forgotten, they must write again first.';

function channelback({ request }: HelpdeskCall, account: ZendeskAccount): HelpdeskCallRead {
  const form = formIn(request.body);
  if (!isMetadata(account, form.get('metadata') ?? undefined)) return 'forged';
  const thread = form.get('thread_id');
  const asked = form.get('request_unique_identifier');
  if (!thread || !asked) return { malformed: 'expected thread_id and request_unique_identifier' };
  const id = calledReplyId(sha256Hex(`${account.id}\n${asked}`));
  const files = [...form.getAll('file_urls[]'), ...form.getAll('file_urls')].map(fileAt);
  return {
    reply: { id, thread, text: form.get('message') ?? '', files },
    answered: (taken: boolean) =>
      taken
        ? json({ external_id: id, allow_channelback: true })
        : { status: refusedStatus, contentType: 'text/plain', body: noSuchThread },
  };
}

/** Zendesk tells the address alone; what it is, and how large, is seen when it is fetched. */
function fileAt(url: string): AgentFile {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const last = parsed?.searchParams.get('name') ?? parsed?.pathname.split('/').filter(Boolean).at(-1) ?? 'file';
  return { name: decoded(last), contentType: 'application/octet-stream', bytes: 0, url };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function events({ request }: HelpdeskCall): HelpdeskCallRead {
  const told = toldIn(request.body);
  return told ? { told, answer: json({ ok: true }) } : { malformed: 'expected JSON with a list of events' };
}

const formIn = (body: Buffer): URLSearchParams => new URLSearchParams(body.toString('utf8'));

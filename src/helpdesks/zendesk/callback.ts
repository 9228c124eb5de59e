import { z } from 'zod';
import type { TicketId } from '../../domain/ids.ts';
import { hmacSha256, sameInConstantTime, sha256Hex } from '../../kit/crypto.ts';
import type { Secret } from '../../kit/secret.ts';
import { asVerified, type VerifiedRequest, type WebhookRequest } from '../../kit/webhook.ts';
import type { CallbackReceived } from '../helpdesk.ts';

const signatureHeader = 'x-zendesk-webhook-signature';
const timestampHeader = 'x-zendesk-webhook-signature-timestamp';
/** Zendesk names no limit; a callback that took longer is a replay, or a clock that is wrong. Milliseconds. */
const mostApart = 5 * 60_000;

/**
 * Base64 of HMAC-SHA256 over timestamp and raw body, the secret used as it is shown, not decoded (Zendesk developer docs,
 * "Verifying webhook authenticity").
 */
export function verifyCallback(
  request: WebhookRequest,
  secret: Secret | undefined,
  now: Date,
): VerifiedRequest | 'forged' {
  const signature = request.headers[signatureHeader];
  const timestamp = request.headers[timestampHeader];
  if (!secret || !signature || !timestamp || !isRecent(timestamp, now)) return 'forged';
  const expected = hmacSha256(secret.reveal(), timestamp, request.body).toString('base64');
  return sameInConstantTime(signature, expected) ? asVerified(request) : 'forged';
}

const isRecent = (timestamp: string, now: Date): boolean =>
  Math.abs(now.getTime() - Date.parse(timestamp)) <= mostApart;

const expectation = 'expected JSON with a ticket_id, or an event of a ticket (type, id, detail.id)';

/** Which ticket a callback is about. An event of something else (a user, an organization) gives no hint. */
export function readCallback(request: VerifiedRequest): CallbackReceived {
  const body = callbackBody.safeParse(parsed(request.body.toString('utf8')));
  if (!body.success) return { malformed: expectation };
  if (body.data.passerelle_probe !== undefined) return { probe: body.data.passerelle_probe };
  const ticket = ticketOf(body.data);
  if (ticket) return { hints: [{ id: hintId(body.data, request), ticket: ticket as TicketId }] };
  return isEvent(body.data) ? { hints: [] } : { malformed: expectation };
}

const id = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : undefined),
  z.string().regex(/^\d{1,20}$/),
);
const maybe = <Shape extends z.ZodType>(shape: Shape) => shape.optional().catch(undefined);

const callbackBody = z.object({
  /** Of `passerelle doctor`, by way of Zendesk. */
  passerelle_probe: maybe(z.string().regex(/^[0-9a-f]{16,64}$/)),
  type: maybe(z.string()),
  id: maybe(z.string().min(1)),
  subject: maybe(z.string()),
  detail: maybe(z.object({ id: maybe(id) })),
  ticket: maybe(z.object({ id: maybe(id) })),
  // Spelled as admins spell it in the body of a trigger.
  ticket_id: maybe(id),
  ticketId: maybe(id),
  ticketID: maybe(id),
});
type CallbackBody = z.infer<typeof callbackBody>;

const isEvent = ({ type }: CallbackBody): boolean => type?.startsWith('zen:event-type:') ?? false;
const isTicketEvent = ({ type }: CallbackBody): boolean => type?.startsWith('zen:event-type:ticket.') ?? false;

function ticketOf(body: CallbackBody): string | undefined {
  const named = body.ticket_id ?? body.ticketId ?? body.ticketID ?? body.ticket?.id;
  if (named) return named;
  const subject = /^zen:ticket:(\d{1,20})$/.exec(body.subject ?? '')?.[1];
  // `detail.id` is the id of whatever the event is about: of a user event it is a user's.
  return subject ?? (isTicketEvent(body) || !isEvent(body) ? body.detail?.id : undefined);
}

/** A trigger's body is the same every time, so what tells two apart is when they were signed. */
const hintId = (body: CallbackBody, request: VerifiedRequest): string =>
  isEvent(body) && body.id
    ? body.id
    : sha256Hex(`${request.body.toString('utf8')}${request.headers[timestampHeader] ?? ''}`);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import type { Express, Request } from 'express';
import express from 'express';
import { deliver } from './deliver.ts';
import { countSegments } from './segments.ts';
import { newSid, type StoredMessage, type World } from './state.ts';
import { notFound, TwilioError } from './twilio-error.ts';

const mostText = 1600;
const mostFiles = 10;

/** Messages: create, read, list (Twilio, "Messages resource"). */
export function serveMessages(app: Express, world: World, base: string): void {
  const form = express.text({ type: 'application/x-www-form-urlencoded', limit: '1mb' });
  app.post(`${base}/Messages.json`, form, (request, response) => {
    const fields = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
    const message = accepted(world, fields);
    world.state.messages.push(message);
    world.changed();
    response.status(201).json(view(world, message));
    void deliver(world, message, fields.getAll('MediaUrl'));
  });
  app.get(`${base}/Messages.json`, (request, response) => void response.json(list(world, request)));
  app.get(`${base}/Messages/:sid/Media.json`, (request, response) => {
    const message = world.state.messages.find(({ sid }) => sid === request.params['sid']);
    if (!message) throw notFound(request.path);
    const media_list = message.files.map(({ sid, contentType }) => ({
      sid,
      content_type: contentType,
      parent_sid: message.sid,
    }));
    response.json({ page: 0, page_size: 50, next_page_uri: null, media_list });
  });
  app.get(`${base}/Messages/:sid.json`, (request, response) => {
    const message = world.state.messages.find(({ sid }) => sid === request.params['sid']);
    if (!message) throw notFound(request.path);
    response.json(view(world, message));
  });
}

function accepted(world: World, fields: URLSearchParams): StoredMessage {
  const { state } = world;
  const to = fields.get('To') ?? '';
  const body = fields.get('Body') ?? '';
  checkSender(world, fields);
  checkRecipient(to);
  checkContent(body, fields.getAll('MediaUrl'));
  const callback = fields.get('StatusCallback') ?? undefined;
  if (callback !== undefined && !isUrl(callback))
    throw new TwilioError(`Invalid StatusCallback url: ${callback}`, 21609);
  const validity = fields.get('ValidityPeriod');
  if (validity !== null && !(/^\d+$/.test(validity) && Number(validity) >= 1 && Number(validity) <= 14_400))
    throw new TwilioError('ValidityPeriod is out of range', 21606);
  if (state.suspended) throw new TwilioError('Account is not active', 10001, 403);
  const customer = state.customers.get(to);
  if (customer?.landline) throw new TwilioError("'To' number is not a valid mobile number", 21614);
  if (customer?.optedOut) throw new TwilioError('Attempt to send to unsubscribed recipient', 21610);
  if (state.trial && !customer) throw new TwilioError(`The number ${to} is unverified.`, 21608);
  return {
    sid: newSid(fields.has('MediaUrl') ? 'MM' : 'SM'),
    direction: 'outbound-api',
    user: to,
    body,
    files: [],
    status: fields.has('MessagingServiceSid') ? 'accepted' : 'queued',
    errorCode: null,
    createdAt: new Date(),
    sentAt: null,
    segments: countSegments(body),
    ...(callback === undefined ? {} : { statusCallback: callback }),
  };
}

function checkSender({ options }: World, fields: URLSearchParams): void {
  const from = fields.get('From');
  const service = fields.get('MessagingServiceSid');
  if (from === null && service === null) throw new TwilioError("A 'From' phone number is required.", 21603);
  if (service !== null && service !== options.serviceSid)
    throw new TwilioError('The Messaging Service does not exist', 21705, 404);
  if (service === null && from !== options.number)
    throw new TwilioError(`'From' ${from} is not a Twilio phone number or Short Code country mismatch`, 21659);
}

function checkRecipient(to: string): void {
  if (to === '') throw new TwilioError("A 'To' phone number is required.", 21604);
  if (!/^\+[1-9]\d{6,14}$|^\d{3,8}$/.test(to)) throw new TwilioError(`Invalid 'To' Phone Number: ${to}`, 21211);
}

function checkContent(body: string, files: string[]): void {
  if (body === '' && files.length === 0) throw new TwilioError('Message body is required.', 21602);
  if (body.length > mostText)
    throw new TwilioError('The concatenated message body exceeds the 1600 character limit', 21617);
  if (files.length > mostFiles) throw new TwilioError('Number of media files exceeds allowed limit', 21623);
  for (const url of files) if (!isUrl(url)) throw new TwilioError(`Invalid media URL(s): ${url}`, 21620);
}

/** A host name with an underscore is refused (the specification of `StatusCallback`). */
const isUrl = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !new URL(text).hostname.includes('_');

/** Newest first, a page at a time. */
function list(world: World, request: Request): Record<string, unknown> {
  const query = request.query as Record<string, string>;
  const size = Math.min(Number(query['PageSize'] ?? 50), 1000);
  const page = Number(query['Page'] ?? 0);
  const fitting = [...world.state.messages].reverse().filter((message) => fits(world, message, query));
  const messages = fitting.slice(page * size, (page + 1) * size);
  return {
    page,
    page_size: size,
    messages: messages.map((message) => view(world, message)),
    next_page_uri:
      fitting.length > (page + 1) * size
        ? `${request.path}?${new URLSearchParams({ ...query, Page: String(page + 1), PageSize: String(size) })}`
        : null,
  };
}

function fits(world: World, message: StoredMessage, query: Record<string, string>): boolean {
  const { from, to } = partiesOf(world, message);
  const day = message.sentAt?.toISOString().slice(0, 10) ?? '';
  return (
    (query['To'] ?? to) === to &&
    (query['From'] ?? from) === from &&
    (query['DateSent'] ?? day) === day &&
    (query['DateSent>'] ?? '') <= day
  );
}

const partiesOf = ({ options }: World, { direction, user }: StoredMessage): { from: string; to: string } =>
  direction === 'inbound' ? { from: user, to: options.number } : { from: options.number, to: user };

/** Times are RFC 2822, in whole seconds; numbers are text. */
function view(world: World, message: StoredMessage): Record<string, unknown> {
  const { accountSid, serviceSid } = world.options;
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`;
  return {
    sid: message.sid,
    account_sid: accountSid,
    messaging_service_sid: serviceSid ?? null,
    ...partiesOf(world, message),
    body: message.body,
    status: message.status,
    direction: message.direction,
    error_code: message.errorCode,
    error_message: null,
    num_segments: String(message.segments),
    num_media: String(message.files.length),
    date_created: rfc2822(message.createdAt),
    date_updated: rfc2822(message.createdAt),
    date_sent: message.sentAt && rfc2822(message.sentAt),
    price: null,
    price_unit: 'USD',
    api_version: '2010-04-01',
    uri: `${uri}.json`,
    subresource_uris: { media: `${uri}/Media.json` },
  };
}

const rfc2822 = (at: Date): string => at.toUTCString().replace('GMT', '+0000');

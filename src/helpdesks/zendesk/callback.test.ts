import { expect, test } from 'vitest';
import { Secret } from '../../kit/secret.ts';
import { asVerified, type WebhookRequest } from '../../kit/webhook.ts';
import { readCallback, verifyCallback } from './callback.ts';

const secret = new Secret('dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==');
const timestamp = '2021-03-25T05:09:27Z';
const signature = 'S/RDdU2ERmj7LHDDoWJ2onPYH+t7/f2+LTM4dL7UiLM=';
const body = '{"event":"ticket.updated","id":123}';

const request = (text: string, headers: Record<string, string> = {}): WebhookRequest => ({
  method: 'POST',
  headers: {
    'x-zendesk-webhook-signature': signature,
    'x-zendesk-webhook-signature-timestamp': timestamp,
    ...headers,
  },
  url: '',
  query: {},
  body: Buffer.from(text),
});

const after = (minutes: number) => new Date(Date.parse(timestamp) + minutes * 60_000);

test("proves Zendesk's published example", () => {
  const given = request(body);
  expect(verifyCallback(given, secret, after(0))).toBe(given);
});

test.each([
  ['another body', request(`${body} `), secret, after(0)],
  ['another secret', request(body), new Secret('other'), after(0)],
  ['no signature', request(body, { 'x-zendesk-webhook-signature': '' }), secret, after(0)],
  ['a signature of another length', request(body, { 'x-zendesk-webhook-signature': 'S/RD' }), secret, after(0)],
  [
    'another timestamp',
    request(body, { 'x-zendesk-webhook-signature-timestamp': '2021-03-25T05:09:28Z' }),
    secret,
    after(0),
  ],
  ['a timestamp that is none', request(body, { 'x-zendesk-webhook-signature-timestamp': 'now' }), secret, after(0)],
  ['no timestamp', request(body, { 'x-zendesk-webhook-signature-timestamp': '' }), secret, after(0)],
  ['one of six minutes ago', request(body), secret, after(6)],
  ['one of six minutes from now', request(body), secret, after(-6)],
])('calls forged: %s', (_it, given, key, now) => {
  expect(verifyCallback(given, key, now)).toBe('forged');
});

test('takes what is four minutes old', () => {
  expect(verifyCallback(request(body), secret, after(4))).not.toBe('forged');
});

const event = {
  type: 'zen:event-type:ticket.comment_added',
  id: 'event-1',
  subject: 'zen:ticket:12',
  detail: { id: '12' },
};

test.each<[string, unknown, { id: unknown; ticket: string }[]]>([
  ['a trigger with a number', { ticket_id: 12 }, [{ id: expect.stringMatching(/^[0-9a-f]{64}$/), ticket: '12' }]],
  ['a trigger with a string', { ticket_id: ' 12 ' }, [{ id: expect.any(String), ticket: '12' }]],
  ['another spelling', { type: 'End User Comment', ticketID: '12345' }, [{ id: expect.any(String), ticket: '12345' }]],
  ['a ticket of its own', { ticket: { id: 12 } }, [{ id: expect.any(String), ticket: '12' }]],
  ['an event', event, [{ id: 'event-1', ticket: '12' }]],
  ['an event without detail', { ...event, detail: undefined }, [{ id: 'event-1', ticket: '12' }]],
  ['an event without subject', { ...event, subject: undefined }, [{ id: 'event-1', ticket: '12' }]],
  ['an event with a number', { ...event, subject: undefined, detail: { id: 12 } }, [{ id: 'event-1', ticket: '12' }]],
  ['an unknown body about a ticket', { subject: 'zen:ticket:7' }, [{ id: expect.any(String), ticket: '7' }]],
  [
    "a user's event, which names no ticket",
    { type: 'zen:event-type:user.group_membership_created', id: 'e', subject: 'zen:user:65', detail: { id: '65' } },
    [],
  ],
])('reads %s', (_it, given, hints) => {
  expect(readCallback(asVerified(request(JSON.stringify(given))))).toEqual({ hints });
});

test.each([
  ['not JSON', 'ticket_id=12'],
  ['nothing', ''],
  ['a list', '[{"ticket_id":12}]'],
  ['no ticket', '{"hello":"world"}'],
  ['a placeholder that was not filled in', '{"ticket_id":"{{ticket.id}}"}'],
  ['a ticket id that is none', '{"ticket_id":1.5}'],
])('calls malformed: %s', (_it, text) => {
  expect(readCallback(asVerified(request(text)))).toEqual({ malformed: expect.stringContaining('ticket_id') });
});

test('tells apart two callbacks of the same body by their time, and knows a repeat', () => {
  const hint = (time: string) =>
    JSON.stringify(
      readCallback(asVerified(request('{"ticket_id":1}', { 'x-zendesk-webhook-signature-timestamp': time }))),
    );
  expect(hint('2021-03-25T05:09:27Z')).not.toBe(hint('2021-03-25T05:09:28Z'));
  expect(hint('2021-03-25T05:09:27Z')).toBe(hint('2021-03-25T05:09:27Z'));
});

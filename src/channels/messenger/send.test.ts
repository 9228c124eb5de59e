import { afterEach, expect, test } from 'vitest';
import type { Marker, MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { Outgoing } from '../channel.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { accountAt } from './fixtures/support.ts';
import { send } from './send.ts';
import { attachmentType } from './upload.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0)) await open.close();
});

const text: Outgoing = {
  marker: 'reply:8841' as Marker,
  to: '7712' as PlatformUserId,
  right: 'response',
  body: { type: 'text', text: 'Your parcel left today ✓' },
};
const file: Outgoing = {
  ...text,
  body: { type: 'file', name: 'Rechnung "März".pdf', contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.7') },
};
const accepted: Answer = { status: 200, body: { recipient_id: '7712', message_id: 'm_out' } };
const uploaded: Answer = { status: 200, body: { attachment_id: '1745504518999123' } };
const error = (code: number, subcode?: number, status = 400, headers?: Record<string, string>): Answer => ({
  status,
  body: { error: { message: 'for Ida: your parcel', code, error_subcode: subcode, fbtrace_id: 'T' } },
  ...(headers ? { headers } : {}),
});

async function sending(outgoing: Outgoing, ...answers: Answer[]) {
  const platform = await platformAnswering(...answers);
  const tools = localTools();
  closing.push(platform, tools);
  return { result: await send(outgoing, accountAt(platform.url), tools), calls: platform.calls };
}

test('a text is one call with token, proof, right and marker', async () => {
  const { result, calls } = await sending(text, accepted);
  expect(result).toEqual({ result: 'sent', id: 'm_out' });
  expect(calls).toHaveLength(1);
  expect([calls[0]!.method, calls[0]!.url.pathname]).toEqual(['POST', '/v26.0/555/messages']);
  expect(Object.fromEntries(calls[0]!.url.searchParams)).toEqual({
    access_token: 'PAGE-TOKEN-1',
    appsecret_proof: '018a3d55d6537e2e64b20ea1271e1b62cac23b31126a69f6e2409dacfc98a845',
  });
  expect(JSON.parse(calls[0]!.body)).toEqual({
    recipient: { id: '7712' },
    messaging_type: 'RESPONSE',
    message: { text: 'Your parcel left today ✓', metadata: 'reply:8841' },
  });
});

test('past the window a person answers with the tag, and may quote', async () => {
  const late: Outgoing = { ...text, right: 'human-agent', replyTo: 'm_q' as MessageId };
  const { calls } = await sending(late, accepted);
  expect(JSON.parse(calls[0]!.body)).toMatchObject({
    messaging_type: 'MESSAGE_TAG',
    tag: 'HUMAN_AGENT',
    reply_to: { mid: 'm_q' },
  });
});

test('a file is uploaded, then sent by its id', async () => {
  const { result, calls } = await sending(file, uploaded, accepted);
  expect(result).toEqual({ result: 'sent', id: 'm_out' });
  expect(calls.map((call) => call.url.pathname)).toEqual(['/v26.0/555/message_attachments', '/v26.0/555/messages']);
  expect(calls[0]!.headers['content-length']).toBe(String(Buffer.byteLength(calls[0]!.body)));
  expect(calls[0]!.body).toContain('filename="Rechnung %22März%22.pdf"');
  expect(calls[0]!.body).toContain('{"attachment":{"type":"file","payload":{"is_reusable":false}}}');
  expect(JSON.parse(calls[1]!.body).message).toEqual({
    attachment: { type: 'file', payload: { attachment_id: '1745504518999123' } },
    metadata: 'reply:8841',
  });
});

const busy = { 'x-business-use-case-usage': '{"555":[{"type":"messenger","estimated_time_to_regain_access":3}]}' };
const outcomes: [string, Outgoing, Answer[], object, number][] = [
  ['the window is closed', text, [error(10, 2018278)], { result: 'never', code: '10/2018278' }, 1],
  ['the customer blocked the page', text, [error(551, 1545041)], { result: 'never', code: '551/1545041' }, 1],
  ['another app has the thread', text, [error(10, 2018300)], { result: 'never' }, 1],
  ['the token is dead', text, [error(190, 463, 401)], { result: 'account-broken' }, 1],
  ['too many calls', text, [error(613, undefined, 400, busy)], { result: 'later', after: 180_000 }, 1],
  ['a temporary failure', text, [error(1200)], { result: 'later' }, 1],
  ['a failure after which it may be out', text, [error(1, 1357046, 500)], { result: 'unsure' }, 1],
  ['a 502 of something in between', text, [{ status: 502, body: '<html>' }], { result: 'unsure' }, 1],
  ['the connection lost after the body left', text, ['hang up'], { result: 'unsure' }, 1],
  ['success without an id', text, [{ status: 200, body: { recipient_id: '7712' } }], { result: 'unsure' }, 1],
  ['success that cannot be read', text, [{ status: 200, body: '{"mess' }], { result: 'unsure' }, 1],
  ['the connection lost during the upload', file, ['hang up'], { result: 'later' }, 1],
  ['a 502 to the upload', file, [{ status: 502, body: '' }], { result: 'later' }, 1],
  ['the upload refused', file, [error(100, 2018109)], { result: 'never', code: '100/2018109' }, 1],
  ['an upload without an id', file, [{ status: 200, body: {} }], { result: 'later' }, 1],
  ['the connection lost when sending what was uploaded', file, [uploaded, 'hang up'], { result: 'unsure' }, 2],
];
test.each(outcomes)('%s', async (_name, outgoing, answers, expected, called) => {
  const { result, calls } = await sending(outgoing, ...answers);
  expect(result).toMatchObject(expected);
  expect(calls).toHaveLength(called);
  expect(JSON.stringify(result)).not.toMatch(/Ida|parcel|PAGE-TOKEN/);
});

test('nobody listening: later, for it surely did not arrive', async () => {
  const platform = await platformAnswering();
  await platform.close();
  const tools = localTools();
  closing.push(tools);
  expect(await send(text, accountAt(platform.url), tools)).toMatchObject({ result: 'later' });
});

const ownLimits: [string, Buffer][] = [
  ['a file too large', Buffer.alloc(25_000_001)],
  ['an empty file', Buffer.alloc(0)],
];
test.each(ownLimits)('%s is refused without a call', async (_name, bytes) => {
  const { result, calls } = await sending({ ...text, body: { ...fileBody, bytes } });
  expect(result).toMatchObject({ result: 'never' });
  expect(calls).toEqual([]);
});

const fileBody = { type: 'file', name: 'f', contentType: 'application/pdf', bytes: Buffer.from('x') } as const;
const types: [string, number, string][] = [
  ['image/png', 10, 'image'],
  ['IMAGE/JPEG; charset=binary', 10, 'image'],
  ['image/jpeg', 8_000_001, 'file'],
  ['image/svg+xml', 10, 'file'],
  ['video/mp4', 10, 'video'],
  ['audio/mpeg', 10, 'audio'],
  ['application/pdf', 10, 'file'],
  ['', 10, 'file'],
];
test.each(types)('%s of %d bytes goes as %3$s', (contentType, size, expected) => {
  expect(attachmentType({ ...fileBody, contentType, bytes: Buffer.alloc(size) })).toBe(expected);
});

test('a refusal is logged with the trace of the platform, without its text', async () => {
  const platform = await platformAnswering(error(10, 2018278));
  const lines: unknown[] = [];
  const note = (event: string, fields?: object) => void lines.push({ event, ...fields });
  const tools = localTools({ log: { debug: note, info: note, warn: note, error: note } });
  closing.push(platform, tools);
  await send(text, accountAt(platform.url), tools);
  expect(lines).toEqual([
    { event: 'graph.refused', status: 400, transient: false, code: 10, subcode: 2018278, trace: 'T' },
  ]);
});

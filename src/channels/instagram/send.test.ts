import { afterEach, describe, expect, test } from 'vitest';
import type { Marker, MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing, OutgoingBody } from '../channel.ts';
import { type Answer, localTools, platformAnswering } from '../shared/testing/platform.ts';
import { shownAs } from './file-content.ts';
import { accountAt } from './fixtures/support.ts';
import { send } from './send.ts';

const closing: { close(): unknown }[] = [];
afterEach(async () => {
  for (const open of closing.splice(0)) await open.close();
});

const text: Outgoing = {
  marker: 'reply:8841' as Marker,
  to: '5601' as PlatformUserId,
  right: 'response',
  body: { type: 'text', text: 'Your parcel left today ✓' },
};
const saying = (body: OutgoingBody): Outgoing => ({ ...text, body });
const fileOf = (contentType: string, bytes = Buffer.from('bytes'), name = 'Rechnung "März".pdf') =>
  ({ type: 'file', name, contentType, bytes }) as const;
const pdf = saying(fileOf('application/pdf'));
const accepted: Answer = { status: 200, body: { recipient_id: '5601', message_id: 'aWdf_out' } };
const error = (code: number, subcode?: number, status = 400): Answer => ({
  status,
  body: { error: { message: 'for Ida: your parcel', code, error_subcode: subcode, fbtrace_id: 'T' } },
});

async function sending(
  outgoing: Outgoing,
  answers: Answer[],
  more: { tools?: Partial<Tools>; account?: Record<string, unknown> } = {},
) {
  const platform = await platformAnswering(...answers);
  const published: unknown[] = [];
  const publish: Tools['publish'] = async (file) => `https://chat.acme.example/media/${published.push(file)}`;
  const tools = localTools({ publish, ...more.tools });
  closing.push(platform, tools);
  const result = await send(outgoing, accountAt(platform.url, more.account), tools);
  return { result, calls: platform.calls, bodies: platform.calls.map(({ body }) => safely(body)), published };
}
const safely = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

test('a text is one call, with nothing Instagram does not know', async () => {
  const { result, calls, bodies } = await sending(text, [accepted]);
  expect(result).toEqual({ result: 'sent', id: 'aWdf_out' });
  expect(calls.map(({ method, url }) => [method, url.pathname])).toEqual([['POST', '/v26.0/me/messages']]);
  expect(bodies).toEqual([{ recipient: { id: '5601' }, message: { text: 'Your parcel left today ✓' } }]);
});

test('past the window a person answers with the tag, and may quote', async () => {
  const late: Outgoing = { ...text, right: 'human-agent', replyTo: 'aWdf_q' as MessageId };
  expect((await sending(late, [accepted])).bodies).toMatchObject([
    { messaging_type: 'MESSAGE_TAG', tag: 'HUMAN_AGENT', reply_to: { mid: 'aWdf_q' } },
  ]);
});

test('choices are quick replies, cut between letters as people see them; links stand under the text', async () => {
  const family = '👩‍👩‍👧';
  const choices = [
    { title: `Track my parcel ${family}`, payload: 'TRACK' },
    { title: 'Shop', url: 'https://shop.example/' },
    ...Array.from({ length: 13 }, (_, n) => ({ title: `No ${n}`, payload: `N${n}` })),
  ];
  const { bodies } = await sending(saying({ type: 'text', text: 'What now?', choices }), [accepted]);
  const { message } = bodies[0] as { message: { text: string; quick_replies: unknown[] } };
  expect(message.text).toBe('What now?\nShop: https://shop.example/');
  expect(message.quick_replies).toHaveLength(13);
  expect(message.quick_replies[0]).toEqual({ content_type: 'text', title: 'Track my parcel ', payload: 'TRACK' });
});

describe('a private reply', () => {
  const toComment: Outgoing = { ...text, answerToken: '18000000000000001' };
  test('goes to the comment', async () => {
    const { result, bodies } = await sending(toComment, [accepted]);
    expect(result).toEqual({ result: 'sent', id: 'aWdf_out' });
    expect(bodies).toMatchObject([{ recipient: { comment_id: '18000000000000001' } }]);
  });
  test.each([[10900], [10903], [10904]])('goes to the chat where the comment takes none (%d)', async (code) => {
    const { result, bodies } = await sending(toComment, [error(code), accepted]);
    expect(result).toEqual({ result: 'sent', id: 'aWdf_out' });
    expect(bodies).toMatchObject([{ recipient: { comment_id: '18000000000000001' } }, { recipient: { id: '5601' } }]);
  });
  test('is not said again another way when nobody knows what became of it', async () => {
    const { result, calls } = await sending(toComment, ['hang up']);
    expect(result).toMatchObject({ result: 'unsure' });
    expect(calls).toHaveLength(1);
  });
  test('needs no tag past the window of the chat', async () => {
    const { bodies } = await sending({ ...toComment, right: 'human-agent' }, [error(10904), accepted]);
    expect(bodies.map((body) => (body as { tag?: string }).tag)).toEqual([undefined, 'HUMAN_AGENT']);
  });
  test('is of text only: a file goes to the chat', async () => {
    const { bodies } = await sending({ ...pdf, answerToken: '18000000000000001' }, [accepted]);
    expect(bodies).toMatchObject([{ recipient: { id: '5601' } }]);
  });
});

describe('files', () => {
  test('are fetched by Instagram from our link', async () => {
    const { result, bodies, published } = await sending(pdf, [accepted]);
    expect(result).toMatchObject({ result: 'sent' });
    expect(bodies).toMatchObject([
      { message: { attachment: { type: 'file', payload: { url: 'https://chat.acme.example/media/1' } } } },
    ]);
    expect(published).toMatchObject([{ contentType: 'application/pdf', forMs: 30 * 86_400_000 }]);
  });
  test('that Instagram cannot show go as a link', async () => {
    const { bodies } = await sending(saying(fileOf('application/zip', undefined, 'all.zip')), [accepted]);
    expect(bodies).toMatchObject([{ message: { text: '📎 all.zip\nhttps://chat.acme.example/media/1' } }]);
  });
  test('are uploaded where the account was connected by Facebook', async () => {
    const uploaded: Answer = { status: 200, body: { attachment_id: '1745504518999123' } };
    const { calls, bodies } = await sending(pdf, [uploaded, accepted], {
      account: { login: 'facebook' },
      tools: { publish: undefined as never },
    });
    expect(calls[0]!.url.pathname).toBe('/v26.0/me/message_attachments');
    expect(calls[0]!.url.searchParams.get('platform')).toBe('instagram');
    expect(bodies[1]).toMatchObject({
      message: { attachment: { type: 'file', payload: { attachment_id: '1745504518999123' } } },
    });
  });
  const refused: [string, OutgoingBody, Partial<Tools>, object][] = [
    ['too large', fileOf('video/mp4', Buffer.alloc(25_000_001)), {}, { result: 'never', code: 'too-large' }],
    ['empty', fileOf('video/mp4', Buffer.alloc(0)), {}, { result: 'never', code: 'empty' }],
    [
      'nowhere to be fetched',
      fileOf('image/png'),
      { publish: undefined as never },
      { result: 'never', why: expect.stringContaining('server.publicUrl') },
    ],
    [
      'the vault is out of order',
      fileOf('image/png'),
      { publish: () => Promise.reject(new Error('disk')) },
      { result: 'later' },
    ],
  ];
  test.each(refused)('%s: no call', async (_name, body, tools, expected) => {
    const { result, calls } = await sending(saying(body), [], { tools });
    expect(result).toMatchObject(expected);
    expect(calls).toEqual([]);
  });

  const kinds: [string, number, boolean, string | undefined][] = [
    ['image/png', 10, false, 'image'],
    ['IMAGE/JPEG; charset=binary', 10, false, 'image'],
    ['image/jpeg', 8_000_001, false, undefined],
    ['image/gif', 10, false, undefined],
    ['image/gif', 10, true, 'image'],
    ['image/webp', 10, true, undefined],
    ['video/mp4', 10, false, 'video'],
    ['audio/x-m4a', 10, false, 'audio'],
    ['audio/mpeg', 10, false, undefined],
    ['application/pdf', 10, false, 'file'],
    ['text/plain', 10, false, undefined],
  ];
  test.each(kinds)('%s of %d bytes (uploaded: %s) is shown as %s', (contentType, size, uploads, expected) => {
    expect(shownAs(fileOf(contentType, Buffer.alloc(size)), uploads)).toBe(expected);
  });
});

const outcomes: [string, Answer, object][] = [
  ['the window is closed', error(10, 2534022), { result: 'never', code: '10/2534022' }],
  ['no such customer', error(100, 2534014), { result: 'never', code: '100/2534014' }],
  ['a text too long', error(100, 2534038), { result: 'never' }],
  ['blocked', error(551, 1545041), { result: 'never' }],
  ['a restricted account', error(10, 1893063), { result: 'account-broken' }],
  ['messages not allowed', error(200, 2534041), { result: 'account-broken' }],
  ['the token is dead', error(190, 463, 401), { result: 'account-broken' }],
  ['a permission is missing', error(10), { result: 'account-broken' }],
  ['too fast for the user', error(613, 2534040), { result: 'later' }],
  ['too many calls', error(613), { result: 'later' }],
  ['the app’s limit', error(4), { result: 'later' }],
  ['the user’s limit', error(17), { result: 'later' }],
  ['the page’s limit', error(32), { result: 'later' }],
  ['a limit of Instagram’s own', error(80002), { result: 'later' }],
  ['a temporary failure', error(2), { result: 'later' }],
  ['a failure after which it may be out', error(1, 1357046, 500), { result: 'unsure' }],
  ['a 502 of something in between', { status: 502, body: '<html>' }, { result: 'unsure' }],
  ['the connection lost', 'hang up', { result: 'unsure' }],
  ['success without an id', { status: 200, body: {} }, { result: 'unsure' }],
  ['success that cannot be read', { status: 200, body: '{"mess' }, { result: 'unsure' }],
];
test.each(outcomes)('%s', async (_name, answer, expected) => {
  const { result } = await sending(text, [answer]);
  expect(result).toMatchObject(expected);
  expect(JSON.stringify(result)).not.toMatch(/Ida|parcel|IG-TOKEN/);
});

test('templates are refused with a reason', async () => {
  const { result } = await sending(saying({ type: 'template', name: 'x', language: 'en', parameters: [] }), []);
  expect(result).toMatchObject({ result: 'never', code: 'no-templates' });
});

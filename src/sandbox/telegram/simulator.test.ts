import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTelegramSimulator, type TelegramSimulator } from './simulator.ts';

// The simulator by itself: it refuses what Telegram refuses, with Telegram's own words.

const botToken = '4242:token-0123456789abcdef';
const ida = 99112233;
let simulator: TelegramSimulator;

beforeEach(async () => {
  simulator = await startTelegramSimulator({ botToken, secretToken: 's' });
  simulator.addCustomer({ user: String(ida), name: 'Ida Berg' });
  await simulator.customerSends(String(ida), { type: 'text', text: '/start' });
});
afterEach(() => simulator.close());

type Answer = {
  ok: boolean;
  error_code?: number;
  description?: string;
  result?: Record<string, unknown>;
  parameters?: object;
};

async function call(method: string, parameters: unknown, token = botToken): Promise<Answer & { status: number }> {
  const isForm = parameters instanceof FormData;
  const answer = await fetch(`${simulator.url}/bot${token}/${method}`, {
    method: 'POST',
    ...(isForm ? {} : { headers: { 'content-type': 'application/json' } }),
    body: isForm ? parameters : JSON.stringify(parameters),
  });
  return { status: answer.status, ...((await answer.json()) as Answer) };
}

test('a message is taken and shown on the phone', async () => {
  const sent = await call('sendMessage', { chat_id: ida, text: 'Hello' });
  expect(sent).toMatchObject({
    status: 200,
    ok: true,
    result: { text: 'Hello', from: { is_bot: true }, chat: { id: ida } },
  });
  expect(simulator.threads()[0]!.bubbles.at(-1)).toMatchObject({
    text: 'Hello',
    from: 'page',
    mid: `${ida}:${sent.result!['message_id']}`,
  });
});

const keyboard = (button: object) => ({ chat_id: ida, text: 'a', reply_markup: { inline_keyboard: [[button]] } });
const refused: [string, string, object, number, RegExp][] = [
  ['a text that is too long', 'sendMessage', { chat_id: ida, text: 'a'.repeat(4097) }, 400, /message is too long/],
  ['an empty text', 'sendMessage', { chat_id: ida, text: ' ' }, 400, /message text is empty/],
  ['no such chat', 'sendMessage', { chat_id: 1, text: 'a' }, 400, /chat not found/],
  ['no such method', 'sendTelepathy', {}, 404, /Not Found/],
  [
    'too much in a button',
    'sendMessage',
    keyboard({ text: 'a', callback_data: 'ä'.repeat(33) }),
    400,
    /BUTTON_DATA_INVALID/,
  ],
  ['a button without words', 'sendMessage', keyboard({ text: '', callback_data: 'a' }), 400, /unallowed/],
  ['a button that does nothing', 'sendMessage', keyboard({ text: 'a' }), 400, /BUTTON_TYPE_INVALID/],
  ['a link that is none', 'sendMessage', keyboard({ text: 'a', url: 'nowhere' }), 400, /BUTTON_URL_INVALID/],
  [
    'quoting what is not there',
    'sendMessage',
    { chat_id: ida, text: 'a', reply_parameters: { message_id: 9 } },
    400,
    /to be replied not found/,
  ],
  ['another action than typing', 'sendChatAction', { chat_id: ida, action: 'dancing' }, 400, /wrong parameter action/],
  ['a file without a file', 'sendDocument', { chat_id: ida }, 400, /no document/],
  ['a file it does not have', 'getFile', { file_id: 'x' }, 400, /wrong file_id/],
  ['a tap that does not wait', 'answerCallbackQuery', { callback_query_id: '1' }, 400, /query ID is invalid/],
  ['a webhook without TLS', 'setWebhook', { url: 'http://chat.acme.example/' }, 400, /HTTPS/],
  ['a webhook on another port', 'setWebhook', { url: 'https://chat.acme.example:9443/' }, 400, /bad webhook/],
  ['a secret with other signs', 'setWebhook', { url: 'https://a.example/', secret_token: 'a b' }, 400, /unallowed/],
  ['a group it is not in', 'leaveChat', { chat_id: -5 }, 400, /chat not found/],
];
test.each(refused)('refused: %s', async (_name, method, parameters, code, description) => {
  const answer = await call(method, parameters);
  expect(answer).toMatchObject({ status: code, ok: false, error_code: code });
  expect(answer.description).toMatch(description);
});

test('refused: files of the wrong kind or size', async () => {
  const form = (type: string, size: number) => {
    const fields = new FormData();
    fields.set('chat_id', String(ida));
    fields.set('photo', new File([new Uint8Array(size)], 'a', { type }));
    return fields;
  };
  expect((await call('sendPhoto', form('application/pdf', 1))).description).toMatch(/IMAGE_PROCESS_FAILED/);
  expect((await call('sendPhoto', form('image/png', 0))).description).toMatch(/non-empty/);
  expect((await call('sendPhoto', form('image/png', 10_000_001))).description).toMatch(/too big/);
});

test('refused: other tokens, a revoked one, a customer who blocked or never wrote', async () => {
  const text = { chat_id: ida, text: 'a' };
  expect(await call('sendMessage', text, '4242:another-token')).toMatchObject({ error_code: 401 });
  expect(await call('sendMessage', text, 'nonsense')).toMatchObject({ error_code: 404 });
  await simulator.block(String(ida), true);
  expect((await call('sendMessage', text)).description).toMatch(/^Forbidden: bot was blocked/);
  simulator.addCustomer({ user: '7', name: 'Ola' });
  expect((await call('sendMessage', { ...text, chat_id: 7 })).description).toMatch(/can't initiate/);
  simulator.expireToken(true);
  expect(await call('getMe', {})).toMatchObject({ error_code: 401, description: 'Unauthorized' });
});

test('faults come in its own words', async () => {
  simulator.inject({ kind: '429', times: 1, retryAfter: 3 });
  expect(await call('getMe', {})).toMatchObject({ status: 429, error_code: 429, parameters: { retry_after: 3 } });
  simulator.inject({ kind: '500-after', times: 1 });
  expect(await call('sendMessage', { chat_id: ida, text: 'once' })).toMatchObject({ status: 500, error_code: 500 });
  expect(simulator.threads()[0]!.bubbles.filter(({ text }) => text === 'once')).toHaveLength(1);
});

test('reactions come only where they are asked for, and updates only while there is a webhook', async () => {
  await simulator.customerReacts(String(ida), `${ida}:51`, '👍');
  expect(simulator.webhooks.owed()).toBe(1);
  await call('setWebhook', { url: 'http://127.0.0.1:9/', secret_token: 's', allowed_updates: ['message_reaction'] });
  await simulator.customerReacts(String(ida), `${ida}:51`, '👍');
  await simulator.customerSends(String(ida), { type: 'text', text: 'not asked for' });
  expect(simulator.webhooks.owed()).toBe(2);
  simulator.reset();
  expect(simulator.webhooks.owed()).toBe(0);
});

import { describe, expect, test } from 'vitest';
import { serviceOf, Trouble } from '../zendesk-app/page/service.ts';
import { lengthInWords, momentInWords } from '../zendesk-app/page/time.ts';
import { isWord, wordsFor } from '../zendesk-app/page/words.ts';
import type { ZafClient, ZafRequest } from '../zendesk-app/page/zaf.ts';

const place = {
  serviceUrl: 'https://chat.acme.example',
  helpdesk: 'acme-zendesk',
  ticket: '42',
  agent: { id: '17', name: 'Ann', locale: 'en-GB' },
};

/** The framework, answering with what it is given. */
function client(answer: () => Promise<unknown>): { client: ZafClient; asked: ZafRequest[] } {
  const asked: ZafRequest[] = [];
  const request = (options: ZafRequest) => {
    asked.push(options);
    return answer();
  };
  return { client: { request } as unknown as ZafClient, asked };
}

test('the secret never passes the page: Zendesk’s proxy is asked to sign for this account and ticket', async () => {
  const { client: zaf, asked } = client(async () => ({ fine: true }));
  expect(await serviceOf(zaf, place).post('/say', { key: 'k' })).toEqual({ fine: true });
  expect(asked).toEqual([
    {
      url: 'https://chat.acme.example/agent-app/acme-zendesk/tickets/42/say',
      ...{ type: 'POST', contentType: 'application/json', dataType: 'json', secure: true, data: '{"key":"k"}' },
      headers: { Authorization: 'Bearer {{jwt.token}}' },
      jwt: {
        ...{ algorithm: 'HS256', secret_key: '{{setting.appSecret}}', expiry: 120 },
        claims: { aud: 'passerelle:acme-zendesk', agent: '17', agentName: 'Ann', ticket: '42' },
      },
    },
  ]);
});

describe('what went wrong is told by a word the page knows', () => {
  test.each([
    [{ status: 409, responseText: '{"because":"stopped","detail":"…"}' }, 'stopped'],
    [{ status: 404, responseText: '{"because":"no-chat"}' }, 'no-chat'],
    [{ status: 401, responseText: '{"title":"Unauthorized"}' }, 'refused'],
    [{ status: 502, responseText: '<html>' }, 'unreachable'],
    [{ status: 0 }, 'unreachable'],
    [undefined, 'unreachable'],
    [{ status: 400, responseText: '{"detail":"body.key: not a key"}' }, 'failed'],
  ])('%j is %s', async (error, because) => {
    const { client: zaf } = client(() => Promise.reject(error));
    const trouble = await serviceOf(zaf, place)
      .get('')
      .catch((thrown: unknown) => thrown);
    expect(trouble).toBeInstanceOf(Trouble);
    expect((trouble as Trouble).because).toBe(because);
    expect(isWord(because)).toBe(true);
  });
});

describe('what is left of the window', () => {
  const hours = 3_600_000;
  test.each([
    [7 * 24 * hours - 1, 'en', '6 d 23 h'],
    [24 * hours, 'fr', '1 j 0 h'],
    [23 * hours + 59 * 60_000, 'en', '23 h 59 min'],
    [59 * 60_000 + 59_000, 'en', '59 min 59 s'],
    [0, 'fr', '0 min 0 s'],
  ])('%i ms in %s: %s', (ms, locale, words) => {
    expect(lengthInWords(ms, locale)).toBe(words);
  });
});

test('a moment of today is told by its time alone', () => {
  const now = new Date(2026, 2, 1, 18, 0);
  expect(momentInWords(new Date(2026, 2, 1, 9, 5).toISOString(), 'en-GB', now)).toBe('09:05');
  expect(momentInWords(new Date(2026, 1, 27, 9, 5).toISOString(), 'en-GB', now)).toMatch(/^27 Feb,? 09:05$/);
});

test('agents whose Zendesk is French read French; all others English', () => {
  const fill = (locale: string) => wordsFor(locale)('ticket', { n: 7 });
  expect([fill('fr-ca'), fill('en-US'), fill('de')]).toEqual(['Ticket 7', 'Ticket 7', 'Ticket 7']);
  expect([wordsFor('fr-ca')('read'), wordsFor('de')('read'), wordsFor('de').locale]).toEqual(['Lu', 'Read', 'en']);
});

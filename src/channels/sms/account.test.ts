import { expect, test } from 'vitest';
import { addressOf, senderForm, smsAccount } from './account.ts';
import { accountSid, serviceSid } from './fixtures/support.ts';

const settings = { id: 'acme-sms', kind: 'sms', accountSid, authToken: 't' };

const senders: [string, Record<string, unknown>, string, string][] = [
  ['a number', { from: '+12025550100' }, '+12025550100', 'number'],
  ['a number that YAML read as one', { from: 12025550100 }, '+12025550100', 'number'],
  ['a short code', { from: 55512 }, '55512', 'short code'],
  ['a name', { from: 'Acme Shop' }, 'Acme Shop', 'name'],
  ['a messaging service', { messagingServiceSid: serviceSid }, serviceSid, 'messaging service'],
];
test.each(senders)('%s', (_name, sender, address, form) => {
  const account = smsAccount.parse({ ...settings, ...sender });
  expect(addressOf(account)).toBe(address);
  expect(senderForm(account)).toBe(form);
  expect(account.apiUrl).toBe('https://api.twilio.com');
});

const refused: [string, Record<string, unknown>, RegExp][] = [
  ['no sender', {}, /either from or messagingServiceSid/],
  ['two senders', { from: '+12025550100', messagingServiceSid: serviceSid }, /either from or messagingServiceSid/],
  ['a number without its country', { from: '0171 2345678' }, /phone number/],
  ['a name that is too long', { from: 'The Acme Company' }, /phone number/],
  ['an API key as account', { from: '+12025550100', accountSid: `SK${'0'.repeat(32)}` }, /expected AC/],
  ['a service that is none', { messagingServiceSid: 'MG1' }, /expected MG/],
];
test.each(refused)('%s is refused', (_name, sender, why) => {
  const parsed = smsAccount.safeParse({ ...settings, ...sender });
  expect(parsed.error?.issues.map(({ message }) => message).join('\n')).toMatch(why);
});

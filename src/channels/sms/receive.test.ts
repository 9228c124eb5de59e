import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  accountAt,
  accountSid,
  arrival,
  eventsOf,
  form,
  ida,
  number,
  serviceSid,
  webhook,
} from './fixtures/support.ts';
import { receive } from './receive.ts';

const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url));
const common = { AccountSid: accountSid, From: ida, To: number, MessageSid: 'SM1', SmsStatus: 'received' };
const status = { AccountSid: accountSid, From: number, To: ida, MessageSid: 'SM2' };
const media = `https://api.twilio.com/2010-04-01/Accounts/${accountSid}/Messages/MM00000000000000000000000000000002/Media`;
const message = { to: number, at: arrival, from: ida, profile: { phone: ida } };

const cases: [string, string | Buffer, unknown[]][] = [
  [
    'a text',
    fixture('text'),
    [
      {
        ...message,
        type: 'message',
        id: 'SM00000000000000000000000000000001',
        parts: [{ type: 'text', text: 'Grüße 👋, where is my parcel?' }],
      },
    ],
  ],
  [
    'files without a text',
    fixture('files'),
    [
      {
        ...message,
        type: 'message',
        id: 'MM00000000000000000000000000000002',
        parts: [
          { type: 'image', url: `${media}/ME00000000000000000000000000000003` },
          { type: 'file', url: `${media}/ME00000000000000000000000000000004` },
        ],
      },
    ],
  ],
  [
    'STOP, which Twilio names',
    fixture('stop'),
    [
      { type: 'message', id: 'SM00000000000000000000000000000005', parts: [{ type: 'text', text: 'Stop' }] },
      { type: 'opt-out', id: 'SM00000000000000000000000000000005', from: ida, what: 'STOP', details: {} },
    ],
  ],
  ['STOP, which it does not name', form({ ...common, Body: ' stopall\n' }), [{ type: 'message' }, { type: 'opt-out' }]],
  ['START', form({ ...common, Body: 'Start' }), [{ type: 'message' }, { type: 'opt-in', from: ida, what: 'START' }]],
  ['HELP', form({ ...common, Body: 'HELP', OptOutType: 'HELP' }), [{ type: 'message' }]],
  ['a sentence with stop in it', form({ ...common, Body: 'Please stop' }), [{ type: 'message' }]],
  ['YES to a question', form({ ...common, Body: 'Yes' }), [{ type: 'message' }]],
  [
    'nothing at all in a message',
    form({ ...common, Body: '', NumMedia: '0' }),
    [{ type: 'message', parts: [{ type: 'unsupported' }] }],
  ],
  [
    'files of every kind, and one without a link',
    form({
      ...common,
      Body: 'look',
      NumMedia: '4',
      MediaUrl0: 'https://api.twilio.com/0',
      MediaContentType0: 'video/3gpp',
      MediaUrl1: 'https://api.twilio.com/1',
      MediaContentType1: 'audio/amr',
      MediaUrl2: 'https://api.twilio.com/2',
    }),
    [
      {
        parts: [
          { type: 'text', text: 'look' },
          { type: 'video', url: 'https://api.twilio.com/0' },
          { type: 'audio', url: 'https://api.twilio.com/1' },
          { type: 'file', url: 'https://api.twilio.com/2' },
          { type: 'unsupported', what: 'file without a link' },
        ],
      },
    ],
  ],
  [
    'what the richer channels tell',
    fixture('rich'),
    [
      {
        type: 'message',
        from: 'rcs:+12025550123',
        to: 'rcs:acme_agent',
        profile: { name: 'Ida Berg' },
        parts: [
          { type: 'text', text: 'Track it' },
          { type: 'location', latitude: 59.91, longitude: 10.75, title: 'Harbour' },
          { type: 'button', title: 'Track it', payload: 'TRACK' },
        ],
        referral: { adId: '6051', source: 'ad', url: 'https://shop.example/c', title: 'Coats' },
      },
    ],
  ],
  [
    'delivered, at the time the phone company says',
    fixture('delivered'),
    [
      {
        type: 'receipt',
        id: 'SM00000000000000000000000000000007:delivered',
        to: number,
        from: ida,
        state: 'delivered',
        of: ['SM00000000000000000000000000000007'],
        at: new Date('2026-11-25T14:05:00Z'),
      },
    ],
  ],
  [
    'not delivered, with the reason',
    fixture('undelivered'),
    [{ type: 'receipt', state: 'failed', why: expect.stringMatching(/cannot be reached.*30003/), at: arrival }],
  ],
  ['on its way', form({ ...status, MessageStatus: 'queued' }), [{ type: 'receipt', state: 'sent', id: 'SM2:queued' }]],
  ['read', form({ ...status, MessageStatus: 'read' }), [{ type: 'receipt', state: 'read' }]],
  [
    'cancelled',
    form({ ...status, MessageStatus: 'canceled' }),
    [{ type: 'receipt', state: 'failed', why: expect.stringMatching(/cancelled/) }],
  ],
  [
    'delivered within this very minute',
    form({ ...status, MessageStatus: 'delivered', RawDlrDoneDate: '2611251400' }),
    [{ type: 'receipt', at: arrival }],
  ],
  [
    'a day that does not exist',
    form({ ...status, MessageStatus: 'delivered', RawDlrDoneDate: '2602311405' }),
    [{ type: 'receipt', at: arrival }],
  ],
  [
    'a status to come',
    form({ ...status, MessageStatus: 'pondered' }),
    [{ type: 'unsupported', what: 'status pondered' }],
  ],
  [
    'a call',
    form({ AccountSid: accountSid, CallSid: 'CA1', From: ida }),
    [{ type: 'unsupported', what: 'call', from: ida }],
  ],
  ['events in JSON', '[{"id":"1"},{"id":"2"}]', [{ type: 'unsupported' }, { type: 'unsupported' }]],
];
test.each(cases)('%s', (_name, body, events) => {
  const found = eventsOf(body);
  expect(found).toHaveLength(events.length);
  expect(found).toMatchObject(events);
});

test('the status of a message carries the marker it was sent with', () => {
  const events = eventsOf(form({ ...status, MessageStatus: 'sent' }), undefined, { marker: 'passerelle:7' });
  expect(events).toMatchObject([{ type: 'receipt', marker: 'passerelle:7' }]);
});

test('every answer is TwiML that says nothing', () => {
  const body = '<?xml version="1.0" encoding="UTF-8"?><Response/>';
  for (const each of [form(common), form({ ...status, MessageStatus: 'sent' }), '{}'])
    expect(receive(webhook(each))).toMatchObject({ answer: { status: 200, contentType: 'text/xml', body } });
});

const malformed: [string, string][] = [
  ['nothing', ''],
  ['another form', 'a=1&b=2'],
  ['XML', '<Response/>'],
  ['broken JSON', '{"a":'],
];
test.each(malformed)('malformed: %s', (_name, body) => {
  expect(receive(webhook(body))).toEqual({ malformed: expect.stringMatching(/MessageSid/) });
});

const viaService = { ...common, MessagingServiceSid: serviceSid };
const service = accountAt('https://api.twilio.com', { messagingServiceSid: serviceSid });
const plain = accountAt('https://api.twilio.com');
const addresses: [string, string, typeof plain, string][] = [
  ['a number', form(common), plain, number],
  ['a number within a service', form(viaService), plain, number],
  ['a service', form(viaService), service, serviceSid],
  ['a number that does not name its service', form(common), service, serviceSid],
  ['another number', form({ ...common, To: '+12025559999' }), plain, '+12025559999'],
  ['the status of what a number sent', form({ ...status, MessageStatus: 'sent' }), plain, number],
];
test.each(addresses)('an event is addressed to %s', (_name, body, account, to) => {
  expect(eventsOf(body, account)).toMatchObject([{ to }]);
});

test('nothing that cannot be stored comes out', () => {
  const [event] = eventsOf(`${form(common)}&Body=a%00b%ED%A0%80`);
  expect(JSON.stringify(event)).not.toMatch(/\\u0000|\\ud[89a-f]/);
});

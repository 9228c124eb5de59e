import { createHmac } from 'node:crypto';
import type { ChannelSample } from '../shared/testing/channel-sample.ts';
import { sortedFields } from './signature.ts';

const url = 'https://chat.acme.example/webhooks/sms/acme-page';

export const sample: ChannelSample = {
  account: {
    id: 'acme-page',
    kind: 'sms',
    accountSid: 'AC0123456789abcdef0123456789abcdef',
    authToken: 'CANARY-auth-token',
    from: '+12025550100',
  },
  sign: (body) => ({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', 'CANARY-auth-token')
        .update(url + sortedFields(body))
        .digest('base64'),
    },
    query: {},
    body,
  }),
  proof: { header: 'x-twilio-signature' },
  signs: 'parameters',
  fixtures: '.txt',
};

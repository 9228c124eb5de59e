import { createHmac } from 'node:crypto';
import type { ChannelSample } from '../shared/testing/channel-sample.ts';

export const sample: ChannelSample = {
  account: {
    id: 'acme-page',
    kind: 'line',
    channelSecret: 'CANARY-channel-secret',
    channelAccessToken: 'CANARY-channel-access-token',
  },
  sign: (body) => ({
    method: 'POST',
    url: 'https://chat.acme.example/webhooks/line/acme-page',
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-line-signature': createHmac('sha256', 'CANARY-channel-secret').update(body).digest('base64'),
    },
    query: {},
    body,
  }),
  proof: { header: 'x-line-signature' },
  signs: 'bytes',
  fixtures: '.json',
};

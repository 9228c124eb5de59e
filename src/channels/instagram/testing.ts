import { createHmac } from 'node:crypto';
import type { ChannelSample } from '../shared/testing/channel-sample.ts';

export const sample: ChannelSample = {
  account: {
    id: 'acme-page',
    kind: 'instagram',
    accountId: '17841400000000555',
    token: 'CANARY-token',
    appSecret: 'CANARY-app-secret',
    verifyToken: 'CANARY-verify-token',
  },
  sign: (body) => ({
    method: 'POST',
    url: 'https://chat.acme.example/webhooks/instagram/acme-page',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${createHmac('sha256', 'CANARY-app-secret').update(body).digest('hex')}`,
    },
    query: {},
    body,
  }),
  proof: { header: 'x-hub-signature-256' },
  signs: 'bytes',
  fixtures: '.json',
};

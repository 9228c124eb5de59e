import type { ChannelSample } from '../shared/testing/channel-sample.ts';

export const sample: ChannelSample = {
  account: {
    id: 'acme-page',
    kind: 'telegram',
    botToken: '4242:CANARY-bot-token-0123456789',
    secretToken: 'CANARY-secret-token',
  },
  sign: (body) => ({
    method: 'POST',
    url: 'https://chat.acme.example/webhooks/telegram/acme-page',
    headers: {
      'content-type': 'application/json',
      'x-telegram-bot-api-secret-token': 'CANARY-secret-token',
    },
    query: {},
    body,
  }),
  proof: { header: 'x-telegram-bot-api-secret-token' },
  signs: 'nothing',
  fixtures: '.json',
};

import type { ChannelSample } from '../shared/testing/channel-sample.ts';
import { signatureOf } from './verify.ts';

const proof = { timestamp: '1790000000', nonce: 'abc123' };

export const sample: ChannelSample = {
  account: {
    id: 'acme-page',
    kind: 'wechat',
    appId: 'wx0123456789abcdef',
    appSecret: 'CANARY-app-secret',
    token: 'CANARY-token',
  },
  sign: (body) => {
    const query = { ...proof, signature: signatureOf('CANARY-token', proof.timestamp, proof.nonce), openid: 'oABC' };
    return {
      method: 'POST',
      url: `https://chat.acme.example/webhooks/wechat/acme-page?${new URLSearchParams(query)}`,
      headers: { 'content-type': 'text/xml' },
      query,
      body,
    };
  },
  proof: { query: 'signature' },
  signs: 'nothing',
  fixtures: '.xml',
};

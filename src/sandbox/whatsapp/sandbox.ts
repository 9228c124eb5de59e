import type { ChannelSandbox } from '../contract.ts';
import { startWhatsAppSimulator } from './simulator.ts';

const ids = { phoneNumberId: '106500000000001', businessAccountId: '102200000000001' };
const secrets = { appSecret: 'app-secret-1', token: 'WHATSAPP-TOKEN-1' };

export const whatsapp: ChannelSandbox = {
  kind: 'whatsapp',
  label: 'WhatsApp',
  accent: '#0b7a5e',
  start: (options) =>
    startWhatsAppSimulator({
      ...ids,
      ...secrets,
      appId: '9911',
      displayNumber: '4721999999',
      name: 'Acme',
      ...options,
    }),
  account: ({ url }) => ({ kind: 'whatsapp', ...ids, ...secrets, verifyToken: 'verify-1', apiUrl: url }),
  user: (n) => `4790${String(n).padStart(6, '0')}`,
  sends: ['text', 'image', 'video', 'audio', 'file', 'sticker', 'location', 'link', 'postback'],
};

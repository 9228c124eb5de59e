import type { ChannelSandbox } from '../contract.ts';
import { startSmsSimulator } from './simulator.ts';

const account = {
  accountSid: 'AC00000000000000000000000000005500',
  authToken: 'tw-token-1',
};
const number = '+12025550100';

export const sms: ChannelSandbox = {
  kind: 'sms',
  label: 'SMS',
  accent: '#5654b8',
  start: async (options) => {
    const simulator = await startSmsSimulator({ ...account, number, ...options });
    // As `provision` sets it: with retries, which Twilio does not make by itself.
    return { ...simulator, setWebhookUrl: (url) => simulator.setWebhookUrl(`${url}#rc=5&rp=5xx,ct,rt`) };
  },
  // The simulator acts at once, or never.
  account: ({ url }) => ({ kind: 'sms', ...account, from: number, apiUrl: url, actsWithin: '4s' }),
  user: (n) => `+1202556${String(n).padStart(4, '0')}`,
  quotes: false,
  sends: ['text', 'image', 'video', 'audio', 'file'],
};

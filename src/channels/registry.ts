export { line } from './line/channel.ts';
export { messenger } from './messenger/channel.ts';
export { whatsapp } from './whatsapp/channel.ts';

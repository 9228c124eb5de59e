export { instagram } from './instagram/channel.ts';
export { line } from './line/channel.ts';
export { messenger } from './messenger/channel.ts';
export { sms } from './sms/channel.ts';
export { telegram } from './telegram/channel.ts';
export { wechat } from './wechat/channel.ts';
export { whatsapp } from './whatsapp/channel.ts';

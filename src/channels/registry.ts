export { messenger } from './messenger/channel.ts';
export { wechat } from './wechat/channel.ts';
export { whatsapp } from './whatsapp/channel.ts';

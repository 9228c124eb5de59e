// One line per channel that can be played; nothing else belongs here.
export { messenger } from './messenger/sandbox.ts';
export { wechat } from './wechat/sandbox.ts';
export { whatsapp } from './whatsapp/sandbox.ts';

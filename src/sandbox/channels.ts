// One line per channel that can be played; nothing else belongs here.
export { instagram } from './instagram/sandbox.ts';
export { line } from './line/sandbox.ts';
export { messenger } from './messenger/sandbox.ts';
export { sms } from './sms/sandbox.ts';
export { telegram } from './telegram/sandbox.ts';
export { wechat } from './wechat/sandbox.ts';
export { whatsapp } from './whatsapp/sandbox.ts';

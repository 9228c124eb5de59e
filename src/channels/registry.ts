export { line } from './line/channel.ts';
export { messenger } from './messenger/channel.ts';

export { messenger } from './messenger/channel.ts';

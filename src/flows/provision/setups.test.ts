import { expect, test } from 'vitest';
import type { Mapping } from '../../domain/mapping.ts';
import type { ConnectedChannel } from '../world.ts';
import { tagsOf } from './setups.ts';

const channel = (kind: string, helpdesk = 'desk'): ConnectedChannel =>
  ({
    channel: { kind, label: kind.toUpperCase() },
    account: { id: `acme-${kind}`, kind, helpdesk },
  }) as unknown as ConnectedChannel;
const mapping = (tags: (kind: string) => string[]): Mapping =>
  ({
    tickets: { tags: (context: { channel: { kind: string } }) => tags(context.channel.kind), failureTag: 'Failed' },
  }) as unknown as Mapping;

test.each([
  ['the usual tags', (kind: string) => ['passerelle', kind], 'passerelle', ['parrot', 'pigeon']],
  ['a tag of each channel’s own', (kind: string) => [`chat_${kind}`], undefined, []],
  ['channels by their kind alone', (kind: string) => [kind], undefined, ['parrot', 'pigeon']],
  ['no tags', () => [], undefined, []],
  ['letters that Zendesk makes small', () => ['Chat'], 'chat', []],
])('%s', (_, tags, chat, told) => {
  const found = tagsOf(mapping(tags), [channel('parrot'), channel('pigeon'), channel('owl', 'another')], 'desk');
  expect(found.chat).toBe(chat);
  expect(found.channels.map(({ tag }) => tag)).toEqual(told);
  expect(found.replyFailed).toBe('failed');
});

test('two accounts of one kind are one value', () => {
  const found = tagsOf(
    mapping((kind) => ['chat', kind]),
    [channel('parrot'), channel('parrot')],
    'desk',
  );
  expect(found).toEqual({ chat: 'chat', channels: [{ label: 'PARROT', tag: 'parrot' }], replyFailed: 'failed' });
});

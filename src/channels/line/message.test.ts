import { describe, expect, test } from 'vitest';
import type { Marker } from '../../domain/ids.ts';
import type { Choice } from '../channel.ts';
import { shortened } from '../shared/shortened.ts';
import { choiceData, choiceOf } from './choice-data.ts';
import { fileMessage } from './file-message.ts';
import { playLength } from './play-length.ts';
import { textMessage } from './text-message.ts';

const text = (words: string, choices: Choice[] = []) => textMessage({ type: 'text', text: words, choices });
const tracking = { title: 'Track it', payload: 'TRACK' };
const shop = { title: 'Shop', url: 'https://shop.example/' };

describe('a text', () => {
  test('alone', () => expect(text('Hi')).toEqual({ type: 'text', text: 'Hi' }));

  test('with replies to tap', () => {
    expect(text('Hi', [tracking])).toEqual({
      type: 'text',
      text: 'Hi',
      quickReply: {
        items: [
          {
            type: 'action',
            action: { type: 'postback', label: 'Track it', data: 'TRACK&~title=Track it', displayText: 'Track it' },
          },
        ],
      },
    });
  });

  test('with a link: buttons, which stay', () => {
    expect(text('Hi', [shop, tracking])).toMatchObject({
      type: 'template',
      altText: 'Hi',
      template: {
        type: 'buttons',
        text: 'Hi',
        actions: [{ type: 'uri', label: 'Shop', uri: 'https://shop.example/' }, { type: 'postback' }],
      },
    });
  });

  test('too long for buttons, or with too many: quick replies', () => {
    expect(text('x'.repeat(161), [shop])).toMatchObject({ type: 'text', quickReply: { items: [{ type: 'action' }] } });
    expect(text('x', [shop, shop, shop, shop, shop])).toMatchObject({ type: 'text', quickReply: {} });
    expect(text('x', Array(20).fill(tracking))).toMatchObject({ quickReply: { items: { length: 13 } } });
  });

  test('a link LINE cannot open stands in the text', () => {
    expect(text('Hi', [{ title: 'Mail', url: 'mailto:a@b.example' }])).toEqual({
      type: 'text',
      text: 'Hi\nMail: mailto:a@b.example',
    });
  });
});

test('a title is cut between graphemes', () => {
  expect(shortened('Grüße', 20)).toBe('Grüße');
  expect(shortened(`${'a'.repeat(18)}👩‍👩‍👧`, 20)).toBe('a'.repeat(18));
  expect(shortened('e\u0301'.repeat(11), 21)).toBe('e\u0301'.repeat(10));
});

test('what a button sends back tells its title where there is room', () => {
  expect(choiceOf(choiceData('TRACK', 'Track it'))).toEqual({ payload: 'TRACK', title: 'Track it' });
  expect(choiceData('x'.repeat(295), 'Track it')).toBe('x'.repeat(295));
  expect(choiceOf('action=buy')).toEqual({ payload: 'action=buy' });
});

/** A movie header alone: 2.5 s in thousandths. */
function m4a(long = false): Buffer {
  const header = Buffer.alloc(long ? 36 : 24);
  if (long) {
    header[0] = 1;
    header.writeUInt32BE(1000, 20);
    header.writeBigUInt64BE(2500n, 24);
  } else {
    header.writeUInt32BE(1000, 12);
    header.writeUInt32BE(2500, 16);
  }
  const box = (name: string, content: Buffer) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(content.length + 8);
    return Buffer.concat([size, Buffer.from(name, 'latin1'), content]);
  };
  return Buffer.concat([
    box('ftyp', Buffer.from('M4A \0\0\0\0')),
    box('free', Buffer.alloc(9)),
    box('moov', box('mvhd', header)),
  ]);
}

/** MPEG 1, layer III, 128 kbit/s, 44.1 kHz, stereo: two seconds of zeros. */
function mp3(frames?: number): Buffer {
  const bytes = Buffer.alloc(32_000);
  bytes.set([0xff, 0xfb, 0x90, 0x00]);
  if (frames !== undefined) {
    bytes.write('Xing', 36, 'latin1');
    bytes[43] = 1;
    bytes.writeUInt32BE(frames, 44);
  }
  return bytes;
}
const tagged = Buffer.concat([Buffer.from('ID3\x04\0\0\0\0\0\x05', 'latin1'), Buffer.from('12345'), mp3()]);

const lengths: [string, Buffer, number | undefined][] = [
  ['an M4A', m4a(), 2500],
  ['an M4A with long times', m4a(true), 2500],
  ['an MP3 of one rate', mp3(), 2000],
  ['an MP3 behind a tag', tagged, 2000],
  ['an MP3 that counts its frames', mp3(100), 2612],
  ['something else', Buffer.from('RIFF\0\0\0\0WAVE'.padEnd(100, '\0'), 'latin1'), undefined],
  ['nothing', Buffer.alloc(0), undefined],
  ['an M4A cut off', m4a().subarray(0, 40), undefined],
];
test.each(lengths)('how long it plays: %s', (_name, bytes, ms) => expect(playLength(bytes)).toBe(ms));

describe('a file', () => {
  const published: { name: string; contentType: string; bytes: Buffer; forMs?: number }[] = [];
  const publish = async (file: (typeof published)[number]) => {
    published.push(file);
    return `https://chat.acme.example/media/${file.name}`;
  };
  const made = async (name: string, contentType: string, bytes: Buffer) => {
    published.splice(0);
    const file = { type: 'file', name, contentType, bytes } as const;
    return fileMessage(file, 'reply:8841:0' as Marker, { publish });
  };
  const url = (name: string) => `https://chat.acme.example/media/${name}`;

  test('a small picture is its own preview', async () => {
    expect(await made('a.png', 'image/png', Buffer.alloc(10))).toMatchObject({
      value: { type: 'image', originalContentUrl: url('a.png'), previewImageUrl: url('a.png') },
    });
    expect(published.map(({ forMs }) => forMs)).toEqual([30 * 86_400_000]);
  });

  test('a large one has a small one before it, and so has a video, which tells when it was watched', async () => {
    expect(await made('b.jpg', 'image/jpeg', Buffer.alloc(1_000_001))).toMatchObject({
      value: { type: 'image', originalContentUrl: url('b.jpg'), previewImageUrl: url('preview.png') },
    });
    expect(published[1]!.bytes.length).toBeLessThan(1_000_000);
    expect(published[1]!.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect(await made('c.mp4', 'video/mp4; codecs=avc1', Buffer.alloc(10))).toMatchObject({
      value: { type: 'video', previewImageUrl: url('preview.png'), trackingId: 'reply:8841:0' },
    });
  });

  test('a sound tells how long it plays', async () => {
    expect(await made('d.m4a', 'audio/mp4', m4a())).toMatchObject({ value: { type: 'audio', duration: 2500 } });
  });

  const links: [string, string, Buffer][] = [
    ['e.pdf', 'application/pdf', Buffer.alloc(10)],
    ['f.gif', 'image/gif', Buffer.alloc(10)],
    ['g.png', 'image/png', Buffer.alloc(10_000_001)],
    ['h.ogg', 'audio/ogg', Buffer.alloc(10)],
    ['i.mp3', 'audio/mpeg', Buffer.alloc(10)],
  ];
  test.each(links)('what LINE does not show goes as a link: %s', async (name, contentType, bytes) => {
    const message = { type: 'text', text: `📎 ${name}\n${url(name)}` };
    expect(await made(name, contentType, bytes)).toEqual({ result: 'done', value: message });
  });

  test('where it cannot be put anywhere just now, it waits', async () => {
    const file = { type: 'file', name: 'a.png', contentType: 'image/png', bytes: Buffer.alloc(3) } as const;
    const broken = { publish: () => Promise.reject(new Error('ENOSPC')) };
    expect(await fileMessage(file, 'm' as Marker, broken)).toMatchObject({ result: 'later' });
  });

  test('none goes where nobody knows our address; none that is empty', async () => {
    const file = { type: 'file', name: 'a.png', contentType: 'image/png', bytes: Buffer.alloc(3) } as const;
    const nowhere = await fileMessage(file, 'm' as Marker, {});
    expect(nowhere).toMatchObject({ result: 'never', why: expect.stringContaining('server.publicUrl') });
    expect(await made('a.png', 'image/png', Buffer.alloc(0))).toMatchObject({ result: 'never', code: 'empty' });
  });
});

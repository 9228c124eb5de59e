import { crc32, deflateSync } from 'node:zlib';

const side = 240;

/** A grey square with a triangle to tap, as PNG: LINE wants a picture before each video, and a small one of large pictures. */
export function previewPicture(): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // Eight bits of grey for each point.
  header[8] = 8;
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows())),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function rows(): Buffer {
  return Buffer.concat(
    Array.from({ length: side }, (_, y) => Buffer.from([0, ...Array.from({ length: side }, (_, x) => greyAt(x, y))])),
  );
}

const greyAt = (x: number, y: number): number => (x > 90 && x - 90 < 80 - Math.abs(y - 120) * 1.6 ? 240 : 70);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

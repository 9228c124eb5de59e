import { createHash } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const size = 96;
type Colour = [number, number, number];

/** A PNG of head and shoulders on a colour that comes from the name. */
export function avatar(name: string): Buffer {
  const [a, b, c] = createHash('sha256').update(name).digest();
  const background: Colour = [60 + (a! % 120), 60 + (b! % 120), 60 + (c! % 120)];
  return png(size, (x, y) => (isPerson(x, y) ? [240, 240, 245] : background));
}

/** A yellow face, for any sticker. */
export const stickerPicture = (): Buffer =>
  png(size, (x, y) => (within(x, y, 48, 48, 44) ? (isFace(x, y) ? [60, 40, 0] : [255, 205, 40]) : [255, 255, 255]));

const within = (x: number, y: number, centreX: number, centreY: number, radius: number): boolean =>
  (x - centreX) ** 2 + (y - centreY) ** 2 <= radius ** 2;

const isPerson = (x: number, y: number): boolean => within(x, y, 48, 36, 18) || within(x, y, 48, 96, 36);

const isFace = (x: number, y: number): boolean =>
  within(x, y, 33, 38, 6) || within(x, y, 63, 38, 6) || (y > 56 && y < 64 && x > 30 && x < 66);

function png(side: number, colourAt: (x: number, y: number) => Colour): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  // Eight bits per channel, red green blue.
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Array.from({ length: side }, (_, y) =>
    Buffer.from([0, ...Array.from({ length: side }, (_, x) => colourAt(x, y)).flat()]),
  );
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.concat(rows));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'ascii'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

import { crc32, deflateSync } from 'node:zlib';

/** Red, green and blue, each 0 to 255. */
export type Colour = readonly [number, number, number];

/** A square picture in PNG (W3C, "Portable Network Graphics"), eight bits a colour; `colourAt` is asked for each point, from -1 to 1. */
export function squarePng(side: number, colourAt: (x: number, y: number) => Colour): Uint8Array {
  const rows = Array.from({ length: side }, (_, row) => [
    0,
    ...Array.from({ length: side }, (__, column) => [
      ...colourAt((2 * column + 1) / side - 1, (2 * row + 1) / side - 1),
    ]).flat(),
  ]);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

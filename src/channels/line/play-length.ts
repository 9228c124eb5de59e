/** How long an M4A or MP3 plays, in milliseconds; undefined where the file does not tell. LINE wants to know it. */
export function playLength(bytes: Buffer): number | undefined {
  const ms = bytes.toString('latin1', 4, 8) === 'ftyp' ? lengthOfMp4(bytes) : lengthOfMp3(bytes);
  return ms === undefined || !Number.isFinite(ms) || ms < 1 ? undefined : Math.round(ms);
}

/** The movie header tells the duration in units of its own (ISO 14496-12, "mvhd"). */
function lengthOfMp4(bytes: Buffer): number | undefined {
  const movie = box(bytes, 'moov');
  const header = movie && box(movie, 'mvhd');
  if (!header || header.length < 20) return undefined;
  const long = header[0] === 1;
  if (long && header.length < 32) return undefined;
  const unitsPerSecond = header.readUInt32BE(long ? 20 : 12);
  const units = long ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  return (units / unitsPerSecond) * 1000;
}

/** What a box of that name holds. */
function box(bytes: Buffer, name: string): Buffer | undefined {
  for (let at = 0; at + 16 <= bytes.length; ) {
    const short = bytes.readUInt32BE(at);
    const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? bytes.length - at : short;
    if (size < 8) return undefined;
    if (bytes.toString('latin1', at + 4, at + 8) === name)
      return bytes.subarray(at + (short === 1 ? 16 : 8), at + size);
    at += size;
  }
  return undefined;
}

// Kilobits a second of layer III, by the index in a frame's header; samples a second by version (ISO 11172-3, 13818-3).
const bitRates = {
  mpeg1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  later: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const sampleRates: Record<number, number[]> = {
  3: [44100, 48000, 32000],
  2: [22050, 24000, 16000],
  0: [11025, 12000, 8000],
};

/** From the number of frames where the encoder left it (Xing, Info), else from the size at the first frame's rate. */
function lengthOfMp3(bytes: Buffer): number | undefined {
  const start = afterId3(bytes);
  if (start + 64 > bytes.length || bytes[start] !== 0xff || (bytes[start + 1]! & 0xe6) !== 0xe2) return undefined;
  const version = (bytes[start + 1]! >> 3) & 3;
  const mono = bytes[start + 3]! >> 6 === 3;
  const bitRate = (version === 3 ? bitRates.mpeg1 : bitRates.later)[bytes[start + 2]! >> 4];
  const sampleRate = sampleRates[version]?.[(bytes[start + 2]! >> 2) & 3];
  if (!bitRate || !sampleRate) return undefined;
  const xing = start + 4 + (version === 3 ? (mono ? 17 : 32) : mono ? 9 : 17);
  const hasCount = /^(?:Xing|Info)$/.test(bytes.toString('latin1', xing, xing + 4)) && (bytes[xing + 7]! & 1) === 1;
  if (hasCount) return ((bytes.readUInt32BE(xing + 8) * (version === 3 ? 1152 : 576)) / sampleRate) * 1000;
  return ((bytes.length - start) * 8) / bitRate;
}

function afterId3(bytes: Buffer): number {
  if (bytes.toString('latin1', 0, 3) !== 'ID3' || bytes.length < 10) return 0;
  const [a, b, c, d] = bytes.subarray(6, 10);
  return 10 + ((a! << 21) | (b! << 14) | (c! << 7) | d!);
}

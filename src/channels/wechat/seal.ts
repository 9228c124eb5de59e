import { createDecipheriv } from 'node:crypto';
import type { Secret } from '../../kit/secret.ts';

/** What was inside a sealed webhook, and for which app it was sealed. */
export interface Opened {
  content: Buffer;
  appId: string;
}

/** PKCS#7 over blocks of 32, though AES itself works in 16: Node's own unpadding refuses the longer pads. */
const padBlock = 32;
const randomBytes = 16;
const headBytes = randomBytes + 4;

/**
 * Opens `Encrypt` ("Message encryption and decryption"): AES-256-CBC, the key's first 16 bytes as initial vector; inside are 16 random bytes, the
 * length in 4 bytes, the content, the AppID. Undefined where that does not come out: another key, or no such text at all.
 */
export function openSealed(encrypted: string, encodingAesKey: Secret): Opened | undefined {
  const plain = decrypted(encrypted, Buffer.from(`${encodingAesKey.reveal()}=`, 'base64'));
  const pad = plain?.at(-1) ?? 0;
  if (!plain || pad < 1 || pad > padBlock || plain.length - pad < headBytes) return undefined;
  const bare = plain.subarray(0, plain.length - pad);
  const end = headBytes + bare.readUInt32BE(randomBytes);
  if (end > bare.length) return undefined;
  return { content: bare.subarray(headBytes, end), appId: bare.toString('utf8', end) };
}

function decrypted(encrypted: string, key: Buffer): Buffer | undefined {
  try {
    const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    return Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()]);
  } catch {
    return undefined;
  }
}

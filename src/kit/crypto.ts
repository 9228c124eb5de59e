import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export const sha256 = (data: string | Uint8Array): Buffer => createHash('sha256').update(data).digest();

export const sha256Hex = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

export const hmacSha256 = (key: string, ...data: (string | Uint8Array)[]): Buffer => {
  const hmac = createHmac('sha256', key);
  for (const piece of data) hmac.update(piece);
  return hmac.digest();
};

/** Compares in time that depends on neither content nor on where the first difference is. */
export function sameInConstantTime(a: Uint8Array | string, b: Uint8Array | string): boolean {
  const left = Buffer.from(a as string);
  const right = Buffer.from(b as string);
  return left.length === right.length && timingSafeEqual(left, right);
}

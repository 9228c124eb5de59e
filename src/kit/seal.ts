import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Secret } from './secret.ts';

export type Opened =
  | { result: 'opened'; text: string }
  /** Sealed with a key that is not among ours; `key` is its id, as `Seal.keys` names them. */
  | { result: 'unknown-key'; key: string }
  /** Changed since, cut short, or never sealed here. */
  | { result: 'damaged' };

/** Seals texts that must not be readable in the database or in a copy of it. */
export interface Seal {
  /** The same text gives another result every time. */
  seal(text: string): string;
  open(sealed: string): Opened;
  /** Whether it was sealed with an older key: seal it anew, so that the older key can go. */
  isStale(sealed: string): boolean;
  /** The ids of the keys, the one that seals first. An id tells nothing of its key. */
  keys: readonly string[];
}

/** Bytes: of a key (AES-256), of the nonce and of the tag (NIST SP 800-38D recommends 96 and 128 bits). */
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;
const form = /^sealed:1:([0-9a-f]{12}):([A-Za-z0-9_-]+)$/;

interface Key {
  id: string;
  bytes: Buffer;
}

/** AES-256-GCM. The first key seals, all open. Keys are as `isSealingKey` wants them; there must be one. */
export function makeSeal(given: readonly Secret[]): Seal {
  const keys = given.map(keyOf);
  const [first] = keys;
  if (!first) throw new Error('a seal needs a key');
  const byId = new Map(keys.map((key) => [key.id, key]));
  return {
    seal: (text) => sealWith(first, text),
    open: (sealed) => {
      const [, id, content] = form.exec(sealed) ?? [];
      if (id === undefined || content === undefined) return { result: 'damaged' };
      const key = byId.get(id);
      return key ? openWith(key, Buffer.from(content, 'base64url')) : { result: 'unknown-key', key: id };
    },
    isStale: (sealed) => form.exec(sealed)?.[1] !== first.id,
    keys: keys.map(({ id }) => id),
  };
}

/** 32 random bytes in base64 (44 letters, as `openssl rand -base64 32` writes them) or hex (64). */
export const isSealingKey = (text: string): boolean => bytesOf(text)?.length === keyBytes;

export const newSealingKey = (): string => randomBytes(keyBytes).toString('base64');

function bytesOf(text: string): Buffer | undefined {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed) ? Buffer.from(trimmed, 'base64') : undefined;
}

function keyOf(secret: Secret): Key {
  const bytes = bytesOf(secret.reveal());
  if (!bytes) throw new Error('a sealing key must be 32 bytes in base64 or hex');
  const id = createHash('sha256').update('passerelle sealing key').update(bytes).digest('hex').slice(0, 12);
  return { id, bytes };
}

/** The key's id is part of what is proved, so that it cannot be exchanged either. */
const provenWith = (key: Key): Buffer => Buffer.from(`sealed:1:${key.id}`);

function sealWith(key: Key, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: tagBytes }).setAAD(provenWith(key));
  const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `sealed:1:${key.id}:${Buffer.concat([nonce, hidden, cipher.getAuthTag()]).toString('base64url')}`;
}

function openWith(key: Key, content: Buffer): Opened {
  if (content.length < nonceBytes + tagBytes) return { result: 'damaged' };
  const nonce = content.subarray(0, nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, nonce, { authTagLength: tagBytes })
    .setAAD(provenWith(key))
    .setAuthTag(content.subarray(-tagBytes));
  try {
    const plain = [decipher.update(content.subarray(nonceBytes, -tagBytes)), decipher.final()];
    return { result: 'opened', text: Buffer.concat(plain).toString('utf8') };
  } catch {
    return { result: 'damaged' };
  }
}

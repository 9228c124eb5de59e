import { createHmac, randomUUID } from 'node:crypto';
import { sameInConstantTime } from '../kit/crypto.ts';
import { safeFileName } from '../kit/file-name.ts';
import type { Publish } from '../kit/tools.ts';
import type { Database } from '../store/database.ts';
import { addPublishedFile, dropPublishedFile } from '../store/published-files.ts';
import { serviceKey } from '../store/service-keys.ts';
import type { Vault } from '../store/vault.ts';

/**
 * Links to files in the vault, for platforms that fetch what they are to show. A token is `{file}.{end}.{signature}`: the
 * file's random id, the end of its time in seconds since 1970 in base 36, and 32 bytes of HMAC-SHA-256 over both.
 */
export interface MediaLinks {
  /** Puts the file in the vault for a while and returns the link. Throws when the vault is out of order. */
  publish: Publish;
  /** The file's id, if the token was made here and its time is not over. */
  fileOf(token: string): string | undefined;
}

export interface LinkSettings {
  /** How the internet reaches this service, without a slash at the end. */
  publicUrl: string;
  linkForMs: number;
  now: () => Date;
}

const purpose = 'media-links';

export async function makeMediaLinks(db: Database, vault: Vault, settings: LinkSettings): Promise<MediaLinks> {
  const { publicUrl, linkForMs, now } = settings;
  const secret = await serviceKey(db, purpose);
  return {
    publish: async ({ name, contentType, bytes, forMs = 0, message }) => {
      const lentForMs = Math.max(forMs, linkForMs);
      const id = randomUUID();
      const key = `published/${id}`;
      const named = { name: safeFileName(name) ?? 'file', contentType, bytes: bytes.length };
      const file = { id, key, ...named, ...(message === undefined ? {} : { message }) };
      await addPublishedFile(db, file, lentForMs);
      try {
        await vault.put(key, { bytes, contentType });
      } catch (error) {
        await dropPublishedFile(db, id);
        throw error;
      }
      return `${publicUrl}/media/${tokenFor(secret, id, now().getTime() + lentForMs)}`;
    },
    fileOf: (token) => fileOf(secret, token, now()),
  };
}

function tokenFor(secret: Buffer, id: string, endsAtMs: number): string {
  const signed = `${id}.${Math.floor(endsAtMs / 1000).toString(36)}`;
  return `${signed}.${signature(secret, signed).toString('base64url')}`;
}

function fileOf(secret: Buffer, token: string, now: Date): string | undefined {
  const [, signed, id, end, given] = /^(([0-9a-f-]{36})\.([0-9a-z]{1,9}))\.([\w-]{43})$/.exec(token) ?? [];
  if (!signed || !id || !end || !given) return undefined;
  const fits = sameInConstantTime(signature(secret, signed), Buffer.from(given, 'base64url'));
  return fits && Number.parseInt(end, 36) * 1000 > now.getTime() ? id : undefined;
}

const signature = (secret: Buffer, text: string): Buffer => createHmac('sha256', secret).update(text).digest();

import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Disk } from 'flydrive';
import type { Finding } from '../domain/finding.ts';
import { makeGate } from '../kit/gate.ts';
import { openDriver, type VaultPlace } from './vault-drivers.ts';

/**
 * Where copies of files are kept: platform links expire within hours. Keys are made by us; no file name a stranger chose
 * is in them. A method that throws found the store out of order.
 */
export interface Vault {
  /** Whole or not at all for whoever reads it later: rows point to a key only when this has resolved. */
  put(key: string, file: { bytes: Buffer; contentType: string }): Promise<void>;
  /** Lends a file of `bytes` for as long as `use` runs. Those that are out together stay small, so that memory stays flat. */
  lend<Value>(key: string, bytes: number, use: (file: Buffer) => Promise<Value>): Promise<Value | 'gone'>;
  /** Undefined when there is no such file. The caller reads it to the end or destroys it. */
  stream(key: string): Promise<Readable | undefined>;
  /** Also when it is gone already. */
  delete(key: string): Promise<void>;
}

/** How many bytes may be in memory on their way out of the vault. */
const mostLent = 64 * 1024 ** 2;

/** Opens the local folder, or what the settings name instead. Throws when a package it needs is not installed. */
export async function openVault(place: VaultPlace): Promise<Vault> {
  const disk = new Disk(await openDriver(place));
  const gate = makeGate(mostLent);
  /** Drivers tell "not there" in ways of their own: whoever cannot read asks. */
  const read = async <Value>(key: string, how: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await how();
    } catch (error) {
      if (await disk.exists(key)) throw error;
      return undefined;
    }
  };
  return {
    put: (key, { bytes, contentType }) => disk.put(key, bytes, { contentType }),
    lend: (key, bytes, use) =>
      gate(async () => {
        const found = await read(key, () => disk.getBytes(key));
        return found ? use(Buffer.from(found.buffer, found.byteOffset, found.byteLength)) : 'gone';
      }, bytes),
    stream: async (key) => ((await disk.exists(key)) ? disk.getStream(key) : undefined),
    delete: (key) => disk.delete(key),
  };
}

/** Writes, reads and deletes a small file: whether the service may do there what it has to. */
export async function checkVault(vault: Vault): Promise<Finding> {
  const what = 'copies of files can be written, read and deleted';
  const key = `check/${randomUUID()}`;
  try {
    const bytes = Buffer.from('passerelle');
    await vault.put(key, { bytes, contentType: 'text/plain' });
    const read = await vault.lend(key, bytes.length, async (found) => found.equals(bytes));
    await vault.delete(key);
    return read === true ? { ok: true, what } : { ok: false, what, why: 'what was written is not there' };
  } catch (error) {
    return {
      ok: false,
      what,
      why: reasonOf(error),
      fix: 'See the settings under media, and what this service may do there.',
    };
  }
}

/** Drivers wrap what went wrong; the innermost is the store's own word. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error && error.cause
    ? reasonOf(error.cause)
    : error instanceof Error
      ? error.message
      : String(error);

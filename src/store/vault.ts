import type { Readable } from 'node:stream';
import { Disk } from 'flydrive';
import { makeGate } from '../kit/gate.ts';
import { openDriver, type VaultPlace } from './vault-drivers.ts';

/**
 * Where copies of files are kept: platform links expire within hours. Keys are made by us; no file name a stranger chose
 * is in them. A method that throws found the store out of order.
 */
export interface Vault {
  /** Whole or not at all for whoever reads it later: rows point to a key only when this has resolved. */
  put(key: string, file: { bytes: Buffer; contentType: string }): Promise<void>;
  /** Lends the bytes for as long as `use` runs, to few at a time, so that memory stays flat. */
  lend<Value>(key: string, use: (bytes: Buffer) => Promise<Value>): Promise<Value | 'gone'>;
  /** Undefined when there is no such file. The caller reads it to the end or destroys it. */
  stream(key: string): Promise<Readable | undefined>;
  /** Also when it is gone already. */
  delete(key: string): Promise<void>;
}

/** How many files may be in memory on their way out of the vault. */
const lentAtATime = 2;

/** Opens the local folder, or what the settings name instead. Throws when a package it needs is not installed. */
export async function openVault(place: VaultPlace): Promise<Vault> {
  const disk = new Disk(await openDriver(place));
  const gate = makeGate(lentAtATime);
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
    lend: (key, use) =>
      gate(async () => {
        const found = await read(key, () => disk.getBytes(key));
        return found ? use(Buffer.from(found.buffer, found.byteOffset, found.byteLength)) : 'gone';
      }),
    stream: async (key) => ((await disk.exists(key)) ? disk.getStream(key) : undefined),
    delete: (key) => disk.delete(key),
  };
}

import { Disk } from 'flydrive';
import { FSDriver } from 'flydrive/drivers/fs';

/** Copies of customers' files, on the local disk under `folder`. Keys are made by us; no customer's file name is in them. */
export function openMediaFolder(folder: string) {
  const disk = new Disk(new FSDriver({ location: folder, visibility: 'private' }));
  return {
    put: async (key: string, file: { bytes: Buffer; contentType: string }): Promise<void> => {
      await disk.put(key, file.bytes, { contentType: file.contentType });
    },
    get: async (key: string): Promise<Buffer> => Buffer.from(await disk.getBytes(key)),
  };
}

import type { FetchedFile } from '../kit/download.ts';

/** Where copies of customers' files are kept: platform links expire within hours. */
export interface Media {
  put(key: string, file: FetchedFile): Promise<void>;
  get(key: string): Promise<Buffer>;
}

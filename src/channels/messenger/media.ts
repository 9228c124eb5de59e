import type { Outcome } from '../../domain/outcome.ts';
import type { MediaPart } from '../../domain/part.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { Tools } from '../../kit/tools.ts';
import { fetchFile } from '../shared/messaging/fetch-file.ts';
import type { MessengerAccount } from './account.ts';

/** Links to files last only for hours or days. */
export const fetchMedia = (part: MediaPart, _account: MessengerAccount, tools: Tools): Promise<Outcome<FetchedFile>> =>
  fetchFile(part, tools, words);

const words = {
  noLink: 'Messenger gave no link to this file.',
  expired: 'The link to this file no longer works: Messenger keeps files for a few hours or days only.',
};

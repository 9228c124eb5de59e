import type { Outcome } from '../../domain/outcome.ts';
import type { MediaPart } from '../../domain/part.ts';
import type { FetchedFile } from '../../kit/download.ts';
import type { Tools } from '../../kit/tools.ts';
import { fetchFile } from '../shared/messaging/fetch-file.ts';
import type { InstagramAccount } from './account.ts';

/** Links to files last for days; those to stories as long as the story, a day at most. */
export const fetchMedia = (part: MediaPart, _account: InstagramAccount, tools: Tools): Promise<Outcome<FetchedFile>> =>
  fetchFile(part, tools, words);

const words = {
  noLink: 'Instagram gave no link to this file.',
  expired: 'The link to this file no longer works: Instagram keeps files for a few days, stories for a day.',
};

import type { Part } from './part.ts';

/** What stands where a message was that was removed. */
export const removedText = '[Removed]';

export const removedParts: readonly Part[] = [{ type: 'text', text: removedText }];

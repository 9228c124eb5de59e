import { readableParts } from '../domain/readable-parts.ts';
import type { Queryable } from '../store/database.ts';
import { messageByPlatformId } from '../store/messages.ts';
import { partByPlatformId } from '../store/reply-parts.ts';

/** The first words of a message of the conversation, the customer's or a bubble of an agent's reply. */
export async function quotedText(db: Queryable, conversation: number, platformId: string): Promise<string | undefined> {
  const message = await messageByPlatformId(db, conversation, platformId);
  if (message) return shortened(readableParts(message.parts));
  const bubble = await partByPlatformId(db, conversation, platformId);
  return bubble && shortened(bubble.body.type === 'text' ? bubble.body.text : bubble.body.name);
}

/** Enough of a text to know it again. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}

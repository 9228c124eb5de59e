import { splitText } from './split-text.ts';

/** A line of the transcript: who said what, when. */
export interface TranscriptLine {
  at: Date;
  author: string;
  text: string;
  late: boolean;
}

const time = (at: Date) => at.toISOString().slice(0, 16).replace('T', ' ');

/**
 * The conversation as text, rolled over to a further piece whenever one would grow past `limit` UTF-16 units. Earlier
 * pieces never change when lines are added at the end, so only the last is written again. A line longer than `limit` is
 * cut across pieces, between words where that can be.
 */
export function transcript(lines: readonly TranscriptLine[], limit: number): string[] {
  const pieces: string[] = [''];
  for (const line of lines.map(readable)) append(pieces, line, limit);
  return pieces;
}

function append(pieces: string[], line: string, limit: number): void {
  const last = pieces.length - 1;
  const joined = pieces[last] ? `${pieces[last]}\n\n${line}` : line;
  if (joined.length <= limit) {
    pieces[last] = joined;
    return;
  }
  if (pieces[last]) pieces.push('');
  pieces.splice(-1, 1, ...splitText(line, limit));
}

function readable(line: TranscriptLine): string {
  return `[${time(line.at)} UTC] ${line.author}${line.late ? ' (arrived late)' : ''}:\n${line.text}`;
}

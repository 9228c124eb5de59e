import { milliseconds } from '../../domain/duration.ts';
import type { MessageId, PlatformUserId } from '../../domain/ids.ts';
import type { Part } from '../../domain/part.ts';
import { asId, asRecord, asText, type JsonRecord } from '../shared/json.ts';
import type { Change } from '../shared/messaging/receive-messaging.ts';
import type { Told } from '../shared/messaging/wire.ts';
import { privateReply } from './limits.ts';

/** Public fields that tell what somebody wrote, and what their message then is. */
const written: Readonly<Record<string, { what: 'comment' | 'mention'; answerWithin?: number }>> = {
  comments: { what: 'comment', answerWithin: privateReply.within },
  live_comments: { what: 'comment', answerWithin: privateReply.withinLive },
  mentions: { what: 'mention' },
};

/**
 * A comment under a post of the account, or a mention of it elsewhere. Its author is told only to apps with the permission to
 * manage comments, and of a mention not at all; what has no author stays unsupported, as does what the account wrote itself.
 */
export function readPublic(change: Change): Told | undefined {
  const { field, value, business } = change;
  const kind = Object.hasOwn(written, field) ? written[field] : undefined;
  const author = asRecord(value['from']);
  const from = asId(author?.['id']) as PlatformUserId | undefined;
  const id = asId(value['id']) ?? asId(value['comment_id']);
  if (!kind || from === undefined || from === business || id === undefined) return undefined;
  const name = asText(author?.['username']);
  return {
    type: 'message',
    from,
    id: id as MessageId,
    parts: partsOf(value),
    ...parentOf(value),
    public: { what: kind.what, ...placeOf(value) },
    ...(name === undefined ? {} : { profile: { name } }),
    ...answerTo(id, change.at, kind.answerWithin),
  };
}

function partsOf(value: JsonRecord): Part[] {
  const text = asText(value['text']);
  return [text === undefined ? { type: 'unsupported', what: 'comment without text' } : { type: 'text', text }];
}

const parentOf = (value: JsonRecord): { replyTo?: MessageId } => {
  const parent = asId(value['parent_id']);
  return parent === undefined ? {} : { replyTo: parent as MessageId };
};

function placeOf(value: JsonRecord): { of?: string } {
  const media = asId(asRecord(value['media'])?.['id']) ?? asId(value['media_id']);
  return media === undefined ? {} : { of: media };
}

/** The comment's id is what lets the account write to its author, who may never have opened a chat. */
const answerTo = (comment: string, at: Date, within: number | undefined) =>
  within === undefined ? {} : { answerToken: { token: comment, until: new Date(at.getTime() + milliseconds(within)) } };

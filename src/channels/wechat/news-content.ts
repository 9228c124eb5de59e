import type { OutgoingBody } from '../channel.ts';
import type { JsonRecord } from '../shared/json.ts';
import { newsBytes } from './limits.ts';
import { sendable } from './message-content.ts';

type Body = Exclude<OutgoingBody, { type: 'file' | 'template' }>;

/**
 * A card or a receipt as the one article a message may hold ("Customer service messages", `news`): it opens one link. Undefined for
 * what has several things to tap, or no link, or too many words: it goes as a text.
 */
export function newsContent(body: Body): JsonRecord | undefined {
  if (body.type === 'text') return undefined;
  const [first, ...more] = body.choices ?? [];
  if (!first || more.length > 0 || !('url' in first)) return undefined;
  const title = body.type === 'card' && body.title !== '' ? body.title : first.title;
  if (Buffer.byteLength(title) > newsBytes.title || Buffer.byteLength(body.text) > newsBytes.description)
    return undefined;
  const picture = body.type === 'card' ? body.picture : undefined;
  const article = {
    title: sendable(title),
    description: sendable(body.text),
    url: first.url,
    ...(picture ? { picurl: picture } : {}),
  };
  return { msgtype: 'news', news: { articles: [article] } };
}

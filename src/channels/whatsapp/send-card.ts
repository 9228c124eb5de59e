import type { CardBody, ReceiptBody } from '../channel.ts';
import { asRecord, type JsonRecord } from '../shared/json.ts';
import { plainBody } from '../shared/plain-body.ts';
import { linkButton } from './limits.ts';
import { linkContent, textContent } from './send-text.ts';

/**
 * A card: its words with the first link as a button and the picture above ("Interactive call-to-action URL button messages"); further
 * links and answers stand under the words. What does not fit goes as a text. There is no receipt: an invoice is a document.
 */
export function cardContent(body: CardBody | ReceiptBody): JsonRecord {
  const { text, choices = [] } = plainBody(body);
  const [first, ...more] = choices.filter((choice) => 'url' in choice);
  const others = choices.filter((choice) => 'payload' in choice);
  // Where there is something to answer, answers are what stays tappable.
  const picture = body.type === 'card' ? body.picture : undefined;
  if (!first || others.length > 0) return withPicture(textContent(text, choices), picture);
  const words = [text, ...more.map(({ title, url }) => `${title}: ${url}`)].join('\n');
  if (words.length > linkButton.bodyLength) return textContent(text, choices);
  return withPicture(linkContent(words, first), picture);
}

function withPicture(content: JsonRecord, picture: string | undefined): JsonRecord {
  const interactive = asRecord(content['interactive']);
  // A list has no picture, and a plain text nothing at its head.
  if (picture === undefined || !interactive || interactive['type'] === 'list') return content;
  return { ...content, interactive: { ...interactive, header: { type: 'image', image: { link: picture } } } };
}

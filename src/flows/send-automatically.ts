import { randomUUID } from 'node:crypto';
import type { Choice } from '../channels/channel.ts';
import { conversationKey } from '../domain/conversation-key.ts';
import type { Marker } from '../domain/ids.ts';
import type { AutomaticText, Mapping, MappingContext } from '../domain/mapping.ts';
import { isOpen, opensNext } from '../domain/opening-hours.ts';
import { splitText } from '../domain/split-text.ts';
import { channelTarget } from '../domain/target.ts';
import { languageOf } from '../kit/language.ts';
import type { Log } from '../kit/log.ts';
import type { Queue } from '../queue/queue.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { addMessage } from '../store/messages.ts';
import { addReplyParts, type ReplyBody } from '../store/reply-parts.ts';
import { type ConnectedChannel, crmOf, helpdeskOf, mappingContext, type NamedChannel } from './world.ts';

/** A text that is about to be sent by itself. */
export interface Automatic {
  template: AutomaticText;
  /** It is sent once for each key in a conversation, however often the occasion is noticed. */
  key: string;
  context: MappingContext;
  at: Date;
}

/**
 * Notes the text as said by the service: it goes to the customer by the way of agents' replies, to the ticket as an
 * internal note, and into the history. Returns whether it is new; an empty text is not sent, nor
 * anything to a customer whom an agent blocked.
 */
export async function sendAutomatically(
  tx: Tx,
  { queue, log }: { queue: Pick<Queue, 'wake'>; log: Log },
  connected: ConnectedChannel,
  conversation: Conversation,
  { template, key, context, at }: Automatic,
): Promise<boolean> {
  if (conversation.blocked) return false;
  const said = rendered(template, context);
  if (!said) log.error('automatic.not-rendered', { conversation: conversation.id, text: key });
  if (!said || said.text === '') return false;
  const { text, choices } = said;
  const target = channelTarget(connected.account.id);
  const id = await addMessage(
    tx,
    {
      conversation: conversation.id,
      kind: 'said',
      author: 'service',
      platformId: `auto:${key}`,
      parts: [{ type: 'text', text }],
      detail: { authorName: 'Automatic', onlyIfOpen: true },
      at,
    },
    [target, helpdeskOf(connected), crmOf(connected)],
  );
  if (id === undefined) return false;
  const bodies = textBubbles(text, choices, connected).map((body) => ({ ...body, automatic: true as const }));
  await addReplyParts(tx, id, conversation.id, bodies, () => `passerelle:${randomUUID()}` as Marker);
  const inLedger = String(conversation.id);
  await queue.wake(tx, [
    { queue: 'sends', key: inLedger },
    { queue: 'conversation', key: conversationKey(connected.account.id, conversation.platformUser) },
    ...(crmOf(connected) ? [{ queue: 'history' as const, key: inLedger }] : []),
  ]);
  log.info('automatic.sent', { account: connected.account.id, conversation: conversation.id, text: key });
  return true;
}

/** What a text of the mapping comes to; undefined when it would take too long with these very values: better no such text than a conversation that stands still. */
export function rendered(template: AutomaticText, context: MappingContext) {
  try {
    return { text: template.text(context, context.language), choices: choicesOf(template, context) };
  } catch {
    return undefined;
  }
}

/** A text in the pieces its channel takes; the choices stand under the last one. */
export function textBubbles(
  text: string,
  choices: readonly Choice[],
  { channel }: ConnectedChannel,
): Extract<ReplyBody, { type: 'text' }>[] {
  const { textLength, textUnit } = channel.limits;
  const pieces = splitText(text, textLength, textUnit).filter((piece) => piece.trim() !== '');
  return pieces.map((piece, n) => {
    const last = n === pieces.length - 1 && choices.length > 0;
    return { type: 'text', text: piece, ...(last ? { choices } : {}) };
  });
}

const choicesOf = ({ choices }: AutomaticText, context: MappingContext): Choice[] =>
  choices.flatMap(({ title, payload, url }): Choice[] => {
    const shown = title(context);
    if (shown === '') return [];
    if (url !== undefined) return [{ title: shown, url }];
    return payload === undefined ? [] : [{ title: shown, payload }];
  });

/** What such a text may speak of. `said` is what the customer wrote, which tells their language. */
export function automaticContext(
  { openingHours }: Mapping,
  connected: NamedChannel,
  conversation: Conversation,
  said: string,
  at: Date,
): MappingContext {
  const language = languageOf(said, conversation.customer.profile.locale);
  const opensAt = openingHours && opensNext(openingHours, at)?.toISOString();
  const hours = openingHours
    ? { open: isOpen(openingHours, at), timeZone: openingHours.timeZone, ...(opensAt ? { opensAt } : {}) }
    : { open: true, timeZone: 'UTC' };
  return { ...mappingContext(connected, conversation), hours, ...(language ? { language } : {}) };
}

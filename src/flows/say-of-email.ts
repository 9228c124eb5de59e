import type { Mapping } from '../domain/mapping.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { asFarAsFitFor } from './fit-for.ts';
import { sendAutomatically } from './send-automatically.ts';
import { type ConnectedChannel, mappingContext, type World } from './world.ts';

/** The mapping's texts about an e-mail address. */
export type EmailText = Extract<keyof Mapping['identity'], `${string}Text` | 'mailSubject'>;

/** Renders such texts, with the address and, for the mail alone, the code. */
export const wordsOfEmail =
  (
    mapping: Mapping,
    connected: ConnectedChannel,
    conversation: Conversation,
    more: { email?: string; code?: string },
  ) =>
  (text: EmailText): string =>
    mapping.identity[text]({
      ...mappingContext(connected, asFarAsFitFor('showOnTicket', mapping, conversation)),
      ...more,
    });

/** Says one of them in the chat, once for each `key`. */
export async function sayOfEmail(
  tx: Tx,
  { queue, tools, mapping }: Pick<World, 'queue' | 'tools' | 'mapping'>,
  connected: ConnectedChannel,
  conversation: Conversation,
  { text, key, email }: { text: EmailText; key: string; email?: string },
): Promise<void> {
  const words = wordsOfEmail(mapping, connected, conversation, email === undefined ? {} : { email });
  const template = { text: () => words(text), choices: [] };
  const context = mappingContext(connected, conversation);
  // After what it answers, which the platform's clock may have put a little ahead of ours.
  const at = new Date(Math.max(tools.clock.now().getTime(), (conversation.lastCustomerAt?.getTime() ?? 0) + 1));
  await sendAutomatically(tx, { queue, log: tools.log }, connected, conversation, { template, key, context, at });
}

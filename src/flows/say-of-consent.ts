import { minutes } from '../domain/duration.ts';
import type { InboundEvent } from '../domain/event.ts';
import type { AutomaticText } from '../domain/mapping.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Tx } from '../store/database.ts';
import { automaticContext, sendAutomatically } from './send-automatically.ts';
import type { ConnectedChannel, World } from './world.ts';

export type ConsentText = 'stopped' | 'started' | 'agreed' | 'help' | 'question';

export interface ConsentSaying {
  text: ConsentText;
  /** With the text: said once. */
  key: string;
  event: InboundEvent;
  purpose?: string;
  /** What the buttons under a question send back. */
  payloads?: { yes: string; no: string };
}

/** What was said longer ago is not answered by itself any more. */
const lately = minutes(10);

/** Says it as the mapping has it; only the question, without which nobody could confirm anything, has words of its own. */
export async function sayOfConsent(
  tx: Tx,
  { mapping, queue, tools }: Pick<World, 'queue' | 'mapping' | 'tools'>,
  connected: ConnectedChannel,
  conversation: Conversation,
  { text, key, event, purpose, payloads }: ConsentSaying,
): Promise<void> {
  const now = tools.clock.now();
  const template = mapping.automaticTexts.consent[text] ?? (text === 'question' ? question : undefined);
  if (!template || event.standby || event.found || now.getTime() - event.at.getTime() > lately) return;
  const said =
    event.type === 'message' ? event.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n') : '';
  const context = automaticContext(mapping, connected, conversation, said, event.at);
  await sendAutomatically(tx, { queue, log: tools.log }, connected, conversation, {
    template: payloads ? withButtons(template, payloads) : template,
    key: `consent-${text}:${key}`,
    context: { ...context, ...(purpose === undefined ? {} : { purpose }) },
    at: new Date(Math.max(now.getTime(), event.at.getTime() + 1)),
  });
}

/** The first two buttons of a question are yes and no; where the mapping names none they are these. */
function withButtons(template: AutomaticText, { yes, no }: { yes: string; no: string }): AutomaticText {
  const [first = { title: () => 'Yes' }, second = { title: () => 'No' }] = template.choices;
  return {
    text: template.text,
    choices: [
      { title: first.title, payload: yes },
      { title: second.title, payload: no },
    ],
  };
}

const question: AutomaticText = {
  text: ({ purpose }) =>
    `You asked us to send you ${purpose === 'order-updates' ? 'news of your orders' : 'our news and offers'} here. Is that right? Answer YES, and we will. You can end it at any time: write STOP.`,
  choices: [],
};

import type { Choice } from '../channels/channel.ts';
import { days } from '../domain/duration.ts';
import type { AutomaticText, Mapping, MappingContext } from '../domain/mapping.ts';
import { readableParts } from '../domain/readable-parts.ts';
import { asFarAsFitFor } from '../flows/fit-for.ts';
import { automaticContext, rendered } from '../flows/send-automatically.ts';
import { saidLately } from '../store/messages.ts';
import type { AgentAppParts, Asked } from './parts.ts';
import type { Saying } from './wire.ts';

/** Their language is told by what they wrote lately. */
const lately = days(30);

/** A text that can be sent with a click, with what can be tapped under it. */
export type ReadySaying = Saying & { choices: Choice[] };

/** What the mapping has for agents, as this customer would read it; what comes to nothing is left out. */
export async function sayingsFor({ world }: Pick<AgentAppParts, 'world'>, asked: Asked): Promise<ReadySaying[]> {
  const { mapping, tools, db } = world;
  const now = tools.clock.now();
  const said = await saidLately(db, asked.conversation.id, new Date(now.getTime() - lately));
  const words = said
    .slice(0, 5)
    .map(({ parts }) => readableParts(parts))
    .join('\n');
  const shown = asFarAsFitFor('showOnTicket', mapping, asked.conversation);
  const context = automaticContext(mapping, asked.connected, shown, words, now);
  return textsOf(mapping).flatMap(({ id, title, text }) => ready(id, title, text, context));
}

const textsOf = ({ agentApp }: Mapping): { id: string; title: string | null; text: AutomaticText }[] => [
  ...agentApp.quickReplies.map((text, n) => ({ id: `quick:${n}`, title: text.title, text })),
  { id: 'ask-email', title: null, text: agentApp.askEmail },
  { id: 'ask-phone', title: null, text: agentApp.askPhone },
];

function ready(id: string, title: string | null, template: AutomaticText, context: MappingContext): ReadySaying[] {
  const made = rendered(template, context);
  return made && made.text !== '' ? [{ id, title, ...made }] : [];
}

import { type AgentSaid, agentSays } from '../flows/agent-says.ts';
import { textBubbles } from '../flows/send-automatically.ts';
import { type AgentAppParts, type Answer, type Asked, fine } from './parts.ts';
import { sayingsFor } from './sayings.ts';
import type { SayWish } from './wire.ts';

export const said = (ended: AgentSaid): Answer =>
  'message' in ended ? fine(ended) : { status: 409, because: ended.refused, detail: ended.why };

/** Sends a text of the mapping, once for each key; only if it still reads as the agent saw it. */
export async function saySaying(parts: AgentAppParts, asked: Asked, { key, id, text }: SayWish): Promise<Answer> {
  const saying = (await sayingsFor(parts, asked)).find((each) => each.id === id);
  if (saying?.text !== text)
    return { status: 409, because: 'changed', detail: 'this text was changed meanwhile; look at it again' };
  return said(
    await agentSays(parts.world, asked, {
      ...{ key, who: asked.who, name: asked.call.agentName, text },
      bodies: textBubbles(text, saying.choices, asked.connected),
      ...{ act: 'agent-said', what: id },
    }),
  );
}

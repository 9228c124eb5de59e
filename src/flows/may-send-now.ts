import { askPolicy } from '../domain/policy.ts';
import type { MaySend } from '../domain/window.ts';
import { type ReplyPart, sentSince } from '../store/reply-parts.ts';
import { countsMessages, mayAsHuman, policyOf } from './platform-policy.ts';
import type { SendWork } from './send-work.ts';
import type { World } from './world.ts';

/**
 * Whether, and by what right, this bubble may go now by what the platform allows; with what an agent can do instead if it may
 * not. While an answer token holds, a text may answer what brought it, whether a window is open or not.
 */
export async function maySendNow(
  {
    world,
    conversation,
    connected,
  }: { world: Pick<World, 'db' | 'policy' | 'tools'> } & Pick<SendWork, 'conversation' | 'connected'>,
  { body, startedAt, answerToken }: Pick<ReplyPart, 'body' | 'startedAt' | 'answerToken'>,
): Promise<MaySend | { right: 'template' }> {
  // An agent may try one where no rule speaks of any: the platform then says so itself.
  if (body.type === 'template') return { right: 'template' };
  const { channel } = connected;
  const { lastCustomerAt } = conversation;
  const at = world.tools.clock.now();
  const rules = policyOf(world.policy, channel);
  const counted = lastCustomerAt && countsMessages(rules, at);
  const may = askPolicy(rules, {
    ...{ at, form: 'free', lastCustomerAt },
    byPerson: !(body.type === 'text' && body.automatic),
    humanAgent: mayAsHuman(connected),
    ...(counted ? { sentInWindow: await sentSince(world.db, conversation.id, lastCustomerAt) } : {}),
  });
  if (may.may) return { right: may.right };
  const answerable = startedAt ? answerToken?.until : conversation.answerableUntil;
  if (body.type === 'text' && answerable && answerable > at) return { right: 'response' };
  const instead = channel.limits.afterWindow ?? (channel.listTemplates ? templateHint : undefined);
  return { right: 'none', why: instead ? `${may.why}; ${instead}` : may.why };
}

/** How an agent sends a template from the ticket; read by `templateCommand`. */
const templateHint =
  'to write anyway, send an approved template: a public comment “/template name language”, then one line for each of its blanks';

import type { Request, Response } from 'express';
import type { FailedChecks } from '../http/failed-checks.ts';
import { conversationById } from '../store/conversations.ts';
import { ticketByRemoteId } from '../store/tickets.ts';
import type { AgentAppParts, Asked } from './parts.ts';
import type { Missing } from './wire.ts';

const bearer = /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/;

/**
 * Who asks, and the ticket they are at; undefined when the request was answered already: nobody the helpdesk vouches for, a ticket
 * other than the one it vouches for, or one that came from no chat.
 */
export async function whoAsks(
  { world, desks }: AgentAppParts,
  forgeries: FailedChecks,
  request: Request,
  response: Response,
): Promise<Asked | undefined> {
  const { helpdesk, ticket: number } = request.params as { helpdesk: string; ticket: string };
  const desk = desks.find(({ account }) => account.id === helpdesk);
  const token = bearer.exec(request.get('authorization') ?? '')?.[1] ?? '';
  const call = await desk?.helpdesk.verifyAppCall?.(token, desk.account, world.tools.clock.now());
  if (call === undefined || call === 'off') {
    return missing(response, 'no-app', `no app is set up for a helpdesk "${helpdesk}" (setting appSecret)`);
  }
  if (call === 'forged' || call.ticket !== number) {
    world.tools.log.warn('app.refused', { helpdesk, why: call === 'forged' ? 'forged' : 'another ticket' });
    forgeries.refuse(
      request,
      response,
      401,
      'the token is missing, over, or was not signed for this account and ticket',
    );
    return undefined;
  }
  const ticket = await ticketByRemoteId(world.db, helpdesk, number);
  const conversation = ticket && (await conversationById(world.db, ticket.conversation));
  const connected = conversation && world.channels.get(conversation.account);
  if (!connected) {
    return missing(response, 'no-chat', 'this ticket came from no chat that is connected here');
  }
  return { call, who: `agent:${helpdesk}:${call.agent}`, ticket, conversation, connected };
}

function missing(response: Response, because: Missing, detail: string): undefined {
  response.status(404).json({ because, detail });
  return undefined;
}

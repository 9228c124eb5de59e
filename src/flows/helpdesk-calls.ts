import { isCalledReply } from '../domain/called-reply.ts';
import type { Outcome } from '../domain/outcome.ts';
import { helpdeskTarget } from '../domain/target.ts';
import type { CalledReply, HelpdeskConnection, ToldComment } from '../helpdesks/called.ts';
import { commentByMarker } from '../store/comments.ts';
import { conversationOfCalled } from '../store/messages.ts';
import { takeCalledReply } from './take-called-reply.ts';
import { takeTold } from './take-told.ts';
import type { World } from './world.ts';

/** What is done with requests that a helpdesk makes of its own accord. Each has been proved before. */
export interface HelpdeskCalls {
  connectTo(helpdesk: string, connection: HelpdeskConnection): Promise<Outcome<void>>;
  /** False: there is no such thread. */
  takeReply(helpdesk: string, reply: CalledReply): Promise<boolean>;
  takeTold(helpdesk: string, told: readonly ToldComment[]): Promise<void>;
  /** The id of the conversation in which something was said, by its marker. */
  conversationOf(helpdesk: string, marker: string): Promise<number | undefined>;
}

export function makeHelpdeskCalls(
  world: Pick<World, 'db' | 'queue' | 'channels' | 'helpdesks' | 'tools' | 'health'>,
): HelpdeskCalls {
  return {
    connectTo: async (helpdesk, connection) => {
      const tried = await world.helpdesks.get(helpdesk)?.session.connectTo?.(connection);
      if (tried?.result === 'done') {
        // What waited for it is let go.
        await world.health.answered(helpdeskTarget(helpdesk));
        world.tools.log.info('helpdesk.connected', { helpdesk });
      }
      return tried ?? { result: 'never', why: 'this helpdesk takes no such account' };
    },
    takeReply: (helpdesk, reply) => takeCalledReply(world, helpdesk, reply),
    takeTold: (helpdesk, told) => takeTold(world, helpdesk, told),
    conversationOf: async (helpdesk, marker) =>
      isCalledReply(marker)
        ? conversationOfCalled(world.db, helpdesk, marker)
        : (await commentByMarker(world.db, helpdesk, marker))?.conversation,
  };
}

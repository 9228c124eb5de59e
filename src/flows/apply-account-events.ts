import { conversationKey } from '../domain/conversation-key.ts';
import type { EventOf } from '../domain/event.ts';
import { channelTarget } from '../domain/target.ts';
import type { Tx } from '../store/database.ts';
import { noteDecline } from '../store/declined-groups.ts';
import { markApplied, waitingEvents } from '../store/events.ts';
import { lockConversation } from '../store/locks.ts';
import { markMended, markWaiting } from '../store/target-states.ts';
import { brokenProbe } from './target-health.ts';
import type { LinkWorld } from './use-link.ts';
import { noteUserRef } from './user-refs.ts';
import type { ConnectedChannel, World } from './world.ts';

/** Applies what concerns an account itself rather than one of its customers. */
export async function applyAccountEvents(
  world: Pick<World, 'db'> & LinkWorld,
  connected: ConnectedChannel,
): Promise<void> {
  const { id } = connected.account;
  const groups = await world.db.transaction().execute(async (tx) => {
    await lockConversation(tx, conversationKey(id, ''));
    const events = await waitingEvents(tx, id, '');
    const fresh: EventOf<'group'>[] = [];
    for (const { event } of events) {
      if (event.type === 'opt-in') await noteUserRef(tx, world, connected, event);
      if (event.type === 'policy') await applyPolicy(tx, connected, event);
      if (event.type === 'group' && !event.standby && (await noteDecline(tx, id, event.chat))) fresh.push(event);
    }
    await markApplied(
      tx,
      events.map((event) => event.id),
    );
    return fresh;
  });
  for (const group of groups) await decline(world, connected, group);
}

async function applyPolicy(tx: Tx, { account }: ConnectedChannel, event: EventOf<'policy'>): Promise<void> {
  const target = channelTarget(account.id);
  if (event.action === 'block')
    await markWaiting(
      tx,
      target,
      'broken',
      `the platform blocked this account: ${event.why ?? 'no reason given'}`,
      brokenProbe,
    );
  if (event.action === 'unblock') await markMended(tx, target);
}

/** A courtesy, tried once: what was said in the group is kept as an event either way. */
async function decline(
  { tools }: Pick<World, 'tools'>,
  { channel, account }: ConnectedChannel,
  { chat, answerToken }: EventOf<'group'>,
): Promise<void> {
  const token = answerToken && answerToken.until > tools.clock.now() ? { answerToken: answerToken.token } : {};
  const declined = await channel.declineGroup?.({ chat, ...token }, account, tools);
  tools.log.info('group.declined', {
    account: account.id,
    result: declined?.result ?? 'kept',
    ...(declined && 'why' in declined ? { why: declined.why } : {}),
  });
}

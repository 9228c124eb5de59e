import { minutes } from '../domain/duration.ts';
import type { Mapping } from '../domain/mapping.ts';
import { isOpen, opensNext } from '../domain/opening-hours.ts';
import type { Conversation } from '../store/conversations.ts';
import { lastSaidBefore } from '../store/customer-history.ts';
import { latelySaid, type Message } from '../store/messages.ts';
import { saidIn } from './draft-ticket.ts';
import { knowProfile } from './know-profile.ts';
import { type Automatic, automaticContext, sendAutomatically } from './send-automatically.ts';
import type { ConnectedChannel, World } from './world.ts';

/** What was said longer ago is not answered by itself any more: after an outage that would only puzzle people. */
const lately = minutes(10);

/**
 * Sends the texts that the mapping has for somebody who writes for the first time, or while nobody answers. Looks at the
 * ledger alone, so that it does not matter how often it is asked.
 */
export async function greetCustomer(world: World, connected: ConnectedChannel, conversation: Conversation) {
  const texts = world.mapping.automaticTexts;
  if (!texts.welcome && !texts.outOfHours) return;
  const now = world.tools.clock.now();
  const said = await latelySaid(world.db, conversation.id, new Date(now.getTime() - lately));
  const latest = said.at(-1);
  if (!latest) return;
  const mapping = await world.mappingAt(latest.mapping);
  const first = await world.mappingAt(said[0]?.mapping);
  const due = [...(await welcomes(world, first, conversation, said[0]!)), ...outOfHoursTexts(mapping, latest)];
  if (due.length === 0) return;
  const known = await knowProfile(world, connected, conversation);
  const context = automaticContext(mapping, connected, known, saidIn(said), latest.at);
  await world.db.transaction().execute(async (tx) => {
    for (const [n, each] of due.entries()) {
      const at = new Date(Math.max(now.getTime(), latest.at.getTime() + 1) + n);
      const { queue, tools } = world;
      await sendAutomatically(tx, { queue, log: tools.log }, connected, known, { ...each, context, at });
    }
  });
}

type Occasion = Pick<Automatic, 'template' | 'key'>;

/** By the mapping that held when they first wrote: a text that is new is not for those who wrote before. */
async function welcomes(
  { db }: World,
  { automaticTexts: { welcome } }: Mapping,
  conversation: Conversation,
  first: Message,
): Promise<Occasion[]> {
  if (!welcome) return [];
  const before = await lastSaidBefore(db, conversation.id, first.at);
  if (!before) return [{ template: welcome, key: 'welcome' }];
  const again = welcome.again !== undefined && first.at.getTime() - before.getTime() >= welcome.again;
  return again ? [{ template: welcome, key: `welcome:${first.at.toISOString().slice(0, 10)}` }] : [];
}

/** Once for each time it is closed; such a time is known by its end. */
function outOfHoursTexts({ automaticTexts: { outOfHours }, openingHours }: Mapping, { at }: Message): Occasion[] {
  if (!outOfHours || !openingHours || isOpen(openingHours, at)) return [];
  const opens = opensNext(openingHours, at)?.toISOString().slice(0, 16) ?? 'never';
  return [{ template: outOfHours, key: `out-of-hours:${opens}` }];
}

import { randomUUID } from 'node:crypto';
import { minutes, seconds } from '../domain/duration.ts';
import type { TicketId } from '../domain/ids.ts';
import type { ListenEnd } from '../helpdesks/helpdesk.ts';
import { backoffMs } from '../kit/backoff.ts';
import { faultOf } from '../kit/fault.ts';
import { knownOf } from '../store/early-callbacks.ts';
import { holdStream, letGoOfStream, savePlace } from '../store/streams.ts';
import type { ConnectedHelpdesk, World } from './world.ts';

type ListeningWorld = Pick<World, 'db' | 'queue' | 'tools' | 'helpdesks'>;

/** How long a stream stays with a replica that shows no sign of life, and how often one shows it. */
const heldFor = seconds(30);
const renewEvery = seconds(10);
const lookAgain = seconds(5);

/** So long it must have listened for the next pause to be a short one again. */
const wentWell = minutes(1);

/**
 * Listens to the events of every helpdesk that has a stream; of several replicas one does. What is heard is only a hint, as
 * a callback is: what nobody heard is found by the look at changed tickets. Returns the way to stop.
 */
export function listenToHelpdesks(world: ListeningWorld): () => Promise<void> {
  const stop = new AbortController();
  const loops = [...world.helpdesks.values()]
    .filter(({ session }) => session.listen)
    .map((helpdesk) => keepListening(world, helpdesk, stop.signal));
  return async () => {
    stop.abort();
    await Promise.all(loops);
  };
}

async function keepListening(world: ListeningWorld, helpdesk: ConnectedHelpdesk, signal: AbortSignal): Promise<void> {
  const holder = randomUUID();
  for (let failures = 0; !signal.aborted; ) {
    const begun = Date.now();
    const ended = await inTurn(world, helpdesk, holder, signal).catch((error: unknown) => {
      world.tools.log.warn('stream.ended', { helpdesk: helpdesk.id, result: 'failed', why: faultOf(error).why });
      return 'failed' as const;
    });
    if (signal.aborted) break;
    failures = ended !== 'failed' || Date.now() - begun > wentWell ? 0 : failures + 1;
    await pause(failures > 0 ? backoffMs(failures) : lookAgain, signal);
  }
  await letGoOfStream(world.db, helpdesk.id, holder).catch(() => undefined);
}

/** Listens if it is this replica's turn, until it ends one way or the other. */
async function inTurn(
  world: ListeningWorld,
  helpdesk: ConnectedHelpdesk,
  holder: string,
  signal: AbortSignal,
): Promise<'not-mine' | 'went-on' | 'failed'> {
  const held = await holdStream(world.db, helpdesk.id, holder, heldFor);
  if (!held) return 'not-mine';
  const lost = new AbortController();
  const renewal = setInterval(() => {
    holdStream(world.db, helpdesk.id, holder, heldFor)
      .then((still) => still ?? lost.abort())
      .catch(() => lost.abort());
  }, renewEvery);
  world.tools.log.info('stream.listening', { helpdesk: helpdesk.id, place: held.place });
  try {
    const ended = await helpdesk.session.listen!({
      from: held.place,
      heard: (tickets, place) => heard(world, helpdesk, holder, tickets, place),
      signal: AbortSignal.any([signal, lost.signal]),
    });
    return await afterwards(world, helpdesk, holder, ended);
  } finally {
    clearInterval(renewal);
  }
}

async function heard(
  world: ListeningWorld,
  { id }: ConnectedHelpdesk,
  holder: string,
  tickets: readonly TicketId[],
  place: string,
): Promise<void> {
  for (const ticket of await knownOf(world.db, id, tickets))
    await world.queue.wakeLater({ queue: 'replies', key: `${id}|${ticket}` });
  await savePlace(world.db, id, holder, place);
}

async function afterwards(
  world: ListeningWorld,
  { id }: ConnectedHelpdesk,
  holder: string,
  ended: ListenEnd,
): Promise<'went-on' | 'failed'> {
  if (ended.result === 'stopped') return 'went-on';
  if (ended.result === 'place-lost') {
    world.tools.log.warn('stream.place-lost', { helpdesk: id });
    await savePlace(world.db, id, holder, undefined);
    await world.queue.wakeLater({ queue: 'reconcile', key: id });
    return 'went-on';
  }
  world.tools.log.warn('stream.ended', { helpdesk: id, result: ended.result, why: ended.why });
  return 'failed';
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

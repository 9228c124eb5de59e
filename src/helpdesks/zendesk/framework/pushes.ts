import { done, type Outcome } from '../../../domain/outcome.ts';
import type { Clock } from '../../../kit/clock.ts';
import { bytesPerPush, codes, limits } from './facts.ts';
import type { Resource } from './resource.ts';

export interface PushResult {
  externalId: string;
  code: string;
  description?: string | undefined;
}

/** Pushes what several conversations have to say in one call. */
export interface Pushes {
  /** All of them or none: `done` when Zendesk has each, now or from before. */
  push(resources: readonly Resource[]): Promise<Outcome<void>>;
}

interface Waiting {
  resource: Resource;
  told(outcome: Outcome<void>): void;
  failed(error: unknown): void;
}

/** So long a push waits for others, in milliseconds. */
const gatherMs = 15;

type Send = (resources: readonly Resource[]) => Promise<Outcome<PushResult[]>>;

export function makePushes(send: Send, clock: Pick<Clock, 'sleep'>): Pushes {
  let waiting: Waiting[] = [];
  const gather = async (): Promise<void> => {
    await clock.sleep(gatherMs);
    const gathered = waiting;
    waiting = [];
    await Promise.all(callsFor(gathered).map((call) => deliver(call, send)));
  };
  const one = (resource: Resource): Promise<Outcome<void>> =>
    new Promise((told, failed) => {
      waiting.push({ resource, told, failed });
      if (waiting.length === 1) void gather();
    });
  return { push: async (resources) => together(await Promise.all(resources.map(one))) };
}

/** As many to a call as it takes, in their order. */
export function callsFor<Item extends { resource: Resource }>(waiting: readonly Item[]): Item[][] {
  const calls: Item[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const each of waiting) {
    const size = Buffer.byteLength(JSON.stringify(each.resource));
    if (bytes + size > bytesPerPush || calls.at(-1)!.length >= limits.resourcesPerPush) {
      calls.push([]);
      bytes = 0;
    }
    calls.at(-1)!.push(each);
    bytes += size;
  }
  return calls;
}

async function deliver(call: readonly Waiting[], send: Send): Promise<void> {
  try {
    const sent = await send(call.map(({ resource }) => resource));
    // Of several, the one at fault is not known: each is asked alone.
    if (sent.result === 'never' && call.length > 1) await apart(call, send);
    else if (sent.result !== 'done') for (const { told } of call) told(sent);
    else await Promise.all(call.map((each) => tell(each, sent.value, send, call.length > 1)));
  } catch (error) {
    for (const { failed } of call) failed(error);
  }
}

async function apart(call: readonly Waiting[], send: Send): Promise<void> {
  for (const each of call) await deliver([each], send);
}

async function tell(each: Waiting, results: readonly PushResult[], send: Send, mayAsk: boolean): Promise<void> {
  const outcome = outcomeOf(each.resource, results);
  if (outcome !== 'again') return each.told(outcome);
  if (mayAsk) return deliver([each], send);
  const again = await send([each.resource]);
  each.told(again.result === 'done' ? refusedIfAgain(each.resource, again.value) : again);
}

function outcomeOf({ external_id: id }: Resource, results: readonly PushResult[]): Outcome<void> | 'again' {
  const result = results.find(({ externalId }) => externalId === id);
  if (!result) return { result: 'unsure', why: 'Zendesk told nothing of one that was pushed' };
  const how = codes[result.code] ?? 'again';
  if (how === 'done') return done(undefined);
  if (how === 'later') return { result: 'later', why: 'Zendesk stopped before it (another one of the push failed)' };
  return how === 'again' ? how : refused(result);
}

function refusedIfAgain(resource: Resource, results: readonly PushResult[]): Outcome<void> {
  const outcome = outcomeOf(resource, results);
  return outcome === 'again'
    ? refused(results.find(({ externalId }) => externalId === resource.external_id)!)
    : outcome;
}

const refused = ({ code, description }: PushResult): Outcome<void> => ({
  result: 'never',
  why: `Zendesk refuses it (${code})${description ? `: ${description.slice(0, 200)}` : ''}`,
  code,
});

/** Of one comment in several resources some may be there: then it must be asked again, to the letter. */
function together(outcomes: readonly Outcome<void>[]): Outcome<void> {
  const failed = outcomes.filter(({ result }) => result !== 'done');
  const refusal = failed.find(({ result }) => result === 'never');
  const [first] = failed;
  if (!first || failed.length === outcomes.length || refusal) return refusal ?? first ?? done(undefined);
  return { result: 'unsure', why: 'Zendesk took a part of it' };
}

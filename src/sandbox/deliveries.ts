import { setTimeout as wait } from 'node:timers/promises';
import type { ChannelSimulator } from './contract.ts';

type Webhooks = ChannelSimulator['webhooks'];

/** `given-up`: the platform does not try it again. */
export type Delivered = 'taken' | 'refused' | 'given-up';

export interface DeliveryRules<Item> {
  /** One delivery; `tried` is how often it was tried before. */
  attempt(item: Item, tried: number, stop: AbortSignal): Promise<Delivered>;
  /** Between the attempts, in milliseconds; then it is given up. */
  retryDelaysMs: readonly number[];
  /** Called for what was never taken. */
  givenUp?(item: Item): void;
}

export interface Deliveries<Item> {
  controls: Webhooks;
  /** Resolves once every copy was tried once. */
  send(item: Item): Promise<void>;
  /** Drops what is held or owed. */
  drop(): void;
  /** The same, and delivers as usual from now on. */
  forget(): void;
}

/** After a delivery that was not taken, where a platform goes on for long. */
export const patientDelaysMs = [200, 400, 800, 1_500, 3_000, 5_000, ...Array.from({ length: 30 }, () => 8_000)];

/** Delivers webhooks as a platform does: again until they are taken; and, on demand, several times or in the wrong order. */
export function makeDeliveries<Item>({ attempt, retryDelaysMs, givenUp }: DeliveryRules<Item>): Deliveries<Item> {
  let stop = new AbortController();
  let owed = 0;
  const held: Item[] = [];

  async function deliver(item: Item): Promise<void> {
    const { signal } = stop;
    owed++;
    const settled = () => {
      if (!signal.aborted) owed--;
    };
    const first = await attempt(item, 0, signal);
    if (first === 'taken') settled();
    else void retry(item, first, signal).then(settled);
  }

  async function retry(item: Item, first: Delivered, signal: AbortSignal): Promise<void> {
    let last = first;
    for (let tried = 1; last === 'refused' && tried <= retryDelaysMs.length; tried++) {
      await wait(retryDelaysMs[tried - 1], undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      last = await attempt(item, tried, signal);
    }
    if (last !== 'taken' && !signal.aborted) givenUp?.(item);
  }

  async function copies(item: Item): Promise<void> {
    for (let copy = 0; copy < controls.copies; copy++) await deliver(item);
  }

  const controls: Webhooks = {
    copies: 1,
    holdAndReverse: false,
    release: async () => {
      for (const item of held.splice(0).reverse()) await copies(item);
    },
    owed: () => owed,
  };

  const drop = () => {
    stop.abort();
    stop = new AbortController();
    held.splice(0);
    owed = 0;
  };

  return {
    controls,
    send: async (item) => {
      if (controls.holdAndReverse) held.push(item);
      else await copies(item);
    },
    drop,
    forget: () => {
      drop();
      Object.assign(controls, { copies: 1, holdAndReverse: false });
    },
  };
}

/** Posts within a time, in milliseconds; undefined where nobody answered. */
export async function posted(
  url: string | undefined,
  request: { body: string; headers: Record<string, string> },
  withinMs: number,
  stop?: AbortSignal,
): Promise<{ status: number; contentType: string; text: string } | undefined> {
  if (url === undefined) return undefined;
  const late = AbortSignal.timeout(withinMs);
  try {
    const signal = stop ? AbortSignal.any([stop, late]) : late;
    const answer = await fetch(url, { method: 'POST', ...request, signal });
    return { status: answer.status, contentType: answer.headers.get('content-type') ?? '', text: await answer.text() };
  } catch {
    return undefined;
  }
}

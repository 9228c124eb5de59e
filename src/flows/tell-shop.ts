import { days, milliseconds, minutes } from '../domain/duration.ts';
import { shopTarget } from '../domain/target.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { PostWebhook } from '../kit/post-webhook.ts';
import type { Secret } from '../kit/secret.ts';
import { signWebhook } from '../kit/webhook-signature.ts';
import { allDone, type CatchUp, leftFor, type Queue } from '../queue/queue.ts';
import type { Database } from '../store/database.ts';
import { factsOf } from '../store/facts.ts';
import {
  dueShopWebhooks,
  endShopWebhook,
  shopWebhookLater,
  type WaitingShopWebhook,
  waitingShopWebhooks,
} from '../store/shop-webhooks.ts';
import { waitingTargets } from '../store/target-states.ts';
import type { TargetHealth } from './target-health.ts';

/** One of the shop's addresses. */
export interface ShopHook {
  id: string;
  url: string;
  secret: Secret;
}

export interface Telling {
  db: Database;
  queue: Pick<Queue, 'wakeLater' | 'wakeAll'>;
  clock: Clock;
  log: Log;
  health: TargetHealth;
  hooks: ReadonlyMap<string, ShopHook>;
  post: PostWebhook;
}

/** After so long without success a webhook is parked, for a person to look; it can be sent once more then. */
const giveUpAfter = days(3);
const longestPause = minutes(30);
const together = 50;

/** Enough for a probe to find its way. */
const probes = 3;

/**
 * What is due, and is nobody's job yet, is woken; costs one small query. Of what waits for an address that is down only a probe.
 * Returns how many were woken.
 */
export async function wakeShopWebhooks({ db, queue, clock }: Pick<Telling, 'db' | 'queue' | 'clock'>): Promise<number> {
  const paused = new Map((await waitingTargets(db)).map(({ target, probeAt }) => [target, probeAt]));
  const waits = (hook: string) => (paused.get(shopTarget(hook))?.getTime() ?? 0) > clock.now().getTime();
  const all = (await dueShopWebhooks(db, 1_000)).filter(({ hook }) => !waits(hook));
  const due = all.filter(
    ({ hook }, n) =>
      !paused.has(shopTarget(hook)) || all.slice(0, n).filter((each) => each.hook === hook).length < probes,
  );
  await queue.wakeAll(due.map(({ hook, customer }) => ({ queue: 'shop-webhooks', key: `${hook}|${customer}` })));
  return due.length;
}

/**
 * The `shop-webhooks` job: tells one of the shop's addresses what happened with one customer, one after the other: what came
 * first is told first, however often it has to be tried. Each keeps its id, so that the shop sees a repeat.
 */
export async function tellShop(telling: Telling, key: string): Promise<CatchUp> {
  const at = key.lastIndexOf('|');
  const hook = telling.hooks.get(key.slice(0, at));
  if (!hook) return allDone;
  const customer = Number(key.slice(at + 1));
  if (await telling.health.pauseOf(shopTarget(hook.id))) return allDone;
  const waiting = await waitingShopWebhooks(telling.db, hook.id, customer, together);
  for (const webhook of waiting) {
    if (webhook.dueIn > 0) return leftFor(milliseconds(Math.max(50, webhook.dueIn)));
    const ms = await tellOne(telling, hook, webhook);
    if (ms !== undefined) return leftFor(milliseconds(ms));
  }
  return waiting.length === together ? leftFor(milliseconds(1)) : allDone;
}

/** Undefined: it is over. Otherwise when to try it again, in milliseconds. */
async function tellOne(telling: Telling, hook: ShopHook, webhook: WaitingShopWebhook): Promise<number | undefined> {
  const { db, clock, log, post } = telling;
  const id = `whk_${webhook.id}`;
  const body = JSON.stringify(await bodyOf(db, id, webhook));
  const headers = signWebhook(hook.secret.reveal(), id, clock.now(), body);
  const posted = await post(hook.url, body, { ...headers });
  const told = { hook: hook.id, webhook: id, kind: webhook.kind, attempt: webhook.attempts + 1, result: posted.result };
  if (posted.result !== 'later') await telling.health.answered(shopTarget(hook.id));
  if (posted.result === 'done') {
    await endShopWebhook(db, webhook.id, 'done');
    log.info('shop.told', told);
    return undefined;
  }
  if (posted.result === 'never' || webhook.age > giveUpAfter) {
    await endShopWebhook(db, webhook.id, 'parked', posted.why);
    log.error('shop.webhook-parked', { ...told, why: posted.why });
    return undefined;
  }
  const pause = Math.max(posted.after ?? 0, pauseAfter(webhook.attempts));
  await telling.health.failed(shopTarget(hook.id), { result: 'later', why: posted.why });
  await shopWebhookLater(db, webhook.id, pause, posted.why);
  log.warn('shop.not-told', { ...told, why: posted.why });
  return pause;
}

/** 1, 2, 4… s up to half an hour, with a tenth of jitter. */
const pauseAfter = (attempts: number): number =>
  Math.round(Math.min(longestPause, 1_000 * 2 ** Math.min(attempts, 20)) * (0.95 + Math.random() * 0.1));

async function bodyOf(db: Database, id: string, { kind, customer, at, data }: WaitingShopWebhook) {
  const facts = await factsOf(db, customer);
  const shopIds = facts.filter((fact) => fact.kind === 'shop-customer' && !fact.withdrawn).map(({ value }) => value);
  return { id, type: kind, timestamp: at.toISOString(), data: { customer: { id: customer, shopIds }, ...data } };
}

import { dueBy, whyStop } from '../domain/campaign.ts';
import { milliseconds } from '../domain/duration.ts';
import { allDone, type CatchUp, leftFor } from '../queue/queue.ts';
import { audited } from '../store/audit.ts';
import { giveUpRecipients, openRecipients, planRecipients, release } from '../store/campaign-recipients.ts';
import { endedSoFar } from '../store/campaign-report.ts';
import { type Campaign, campaignById, changeCampaign, dueCampaigns, lockedCampaign } from '../store/campaigns.ts';
import type { Tx } from '../store/database.ts';
import { wakeNotices } from './plan-notice.ts';
import type { World } from './world.ts';

type CampaignWorld = Pick<World, 'db' | 'queue' | 'tools' | 'channels'>;

/** How often the next ones are let go. What a look comes late for it makes good. */
const lookAgain = milliseconds(250);
/** Whether it has to stop counts all it has sent: done at each look while that is little, then for a second of every five. */
const judgedAtEachLook = 1_000;
const judgeEveryMs = 5_000;
const judgeForMs = 1_000;
/** More under way than so many seconds' worth means that sending does not keep up: nothing more is let go meanwhile. */
const mostUnderWaySeconds = 5;
const leastUnderWay = 20;

/** The `campaigns` job: plans a campaign whose time has come, and lets its notices go at its rate. */
export async function runCampaign(world: CampaignWorld, key: string): Promise<CatchUp> {
  const found = await campaignById(world.db, Number(key));
  const now = world.tools.clock.now();
  if (found?.state === 'scheduled' && found.startAt && found.startAt <= now) return begin(world, found);
  if (found?.state !== 'running') return allDone;
  const stop = isTimeToJudge(found, now) ? whyStop(await endedSoFar(world.db, found.id), found.thresholds) : undefined;
  if (stop !== undefined) return stopped(world, found, stop);
  return letGo(world, found);
}

/** By the clock, so that it needs no keeping. */
const isTimeToJudge = ({ released }: Campaign, now: Date): boolean =>
  released <= judgedAtEachLook || now.getTime() % judgeEveryMs < judgeForMs;

/** Planned at most once, whoever plans it and however often its process dies meanwhile: plan and state are one transaction. */
async function begin(world: CampaignWorld, { id }: Campaign): Promise<CatchUp> {
  const { db, tools, channels } = world;
  const begunAt = performance.now();
  const kinds = new Map([...channels].map(([account, { channel }]) => [account, channel.kind]));
  const planned = await db.transaction().execute(async (tx) => {
    const campaign = await lockedCampaign(tx, id);
    if (campaign?.state !== 'scheduled') return undefined;
    const now = tools.clock.now();
    const count = campaign.plannedAt ? campaign.planned : await planRecipients(tx, campaign, kinds, now);
    await changeCampaign(tx, id, {
      state: 'running',
      plannedAt: campaign.plannedAt ?? now,
      planned: count,
      // Planning many takes seconds, for which nobody is owed anything.
      pace: { since: tools.clock.now(), before: campaign.released },
    });
    return count;
  });
  if (planned === undefined) return allDone;
  tools.log.info('campaign.begun', { campaign: id, planned, ms: Math.round(performance.now() - begunAt) });
  return leftFor(lookAgain);
}

async function letGo(world: CampaignWorld, { id }: Campaign): Promise<CatchUp> {
  const went = await world.db.transaction().execute(async (tx) => {
    const campaign = await lockedCampaign(tx, id);
    if (campaign?.state !== 'running' || !campaign.pace) return 'ended';
    const now = world.tools.clock.now();
    const open = await openRecipients(tx, id, now);
    if (!open.held) return open.waiting ? 'on-its-way' : ended(tx, world, campaign);
    const most = roomFor(campaign, open.underWay, now);
    return most > 0 ? releaseNext(tx, world, campaign, most) : 'waits';
  });
  if (went === 'ended') return allDone;
  // Whoever waits for quiet hours to end may wait for long.
  return leftFor(went === 'on-its-way' ? milliseconds(2_000) : lookAgain);
}

/** How many may go now: what the rate has come to, less what went; no more than can be sent. */
function roomFor({ pace, released, perMinute }: Campaign, underWay: number, now: Date): number {
  const due = dueBy(pace!, now) - released;
  return Math.min(due, Math.max(leastUnderWay, Math.ceil((perMinute / 60) * mostUnderWaySeconds)) - underWay);
}

async function releaseNext(tx: Tx, world: CampaignWorld, campaign: Campaign, most: number): Promise<'went'> {
  const customers = await release(tx, campaign.id, most, world.tools.clock.now());
  await changeCampaign(tx, campaign.id, { released: campaign.released + customers.length });
  await wakeNotices(tx, world, customers);
  return 'went';
}

async function ended(tx: Tx, { tools }: CampaignWorld, campaign: Campaign): Promise<'ended'> {
  await changeCampaign(tx, campaign.id, { state: 'done', endedAt: tools.clock.now() });
  tools.log.info('campaign.done', { campaign: campaign.id, planned: campaign.planned });
  return 'ended';
}

/** Something is wrong with it, and everybody who is told makes it worse: a person has to look. */
async function stopped(world: CampaignWorld, { id }: Campaign, reason: string): Promise<CatchUp> {
  await world.db.transaction().execute(async (tx) => {
    const campaign = await lockedCampaign(tx, id);
    if (campaign?.state !== 'running') return;
    const now = world.tools.clock.now();
    await changeCampaign(tx, id, { state: 'stopped', reason, endedAt: now });
    await giveUpRecipients(tx, id, 'the campaign was stopped', now);
    await audited(tx, { who: 'service', what: 'campaign-stopped', subject: String(id), detail: { reason } });
  });
  world.tools.log.error('campaign.stopped', { campaign: id, why: reason });
  return allDone;
}

/** Wakes whatever campaign has something to do: at its time, after a start, or when its job was lost. */
export async function wakeCampaigns({ db, queue, tools }: Pick<World, 'db' | 'queue' | 'tools'>): Promise<void> {
  for (const id of await dueCampaigns(db, tools.clock.now()))
    await queue.wakeLater({ queue: 'campaigns', key: String(id) });
}

import { type CampaignState, mayBecome } from '../domain/campaign.ts';
import type { priorities } from '../domain/consent.ts';
import { audited } from '../store/audit.ts';
import type { CampaignAct } from '../store/campaign-acts.ts';
import { giveUpRecipients, holdBack } from '../store/campaign-recipients.ts';
import {
  addCampaign,
  type Campaign,
  type CampaignChange,
  changeCampaign,
  lockedCampaign,
  type NewCampaign,
  rewriteCampaign,
} from '../store/campaigns.ts';
import { existingCustomers } from '../store/customers.ts';
import type { Tx } from '../store/database.ts';
import type { CampaignDesk } from './campaign-desk.ts';
import { planNotice } from './plan-notice.ts';

/** `refused` says why not, in a sentence for whoever asked. */
export type CampaignActed = { campaign: Campaign } | { refused: string } | { none: true };

/** Makes a draft: nobody is told of anything. Asked again with the same key it is the same campaign. */
export async function makeCampaign(
  { db, texts }: CampaignDesk,
  wish: NewCampaign,
): Promise<{ campaign: Campaign; isNew: boolean } | { refused: 'other-request' | 'no-texts' }> {
  if (!texts.includes(wish.texts)) return { refused: 'no-texts' };
  return db.transaction().execute(async (tx) => {
    const made = await addCampaign(tx, wish);
    if (made === 'other') return { refused: 'other-request' as const };
    if (made.isNew) await audited(tx, { who: wish.madeBy, what: 'campaign-made', subject: String(made.id) });
    return { campaign: (await lockedCampaign(tx, made.id))!, isNew: made.isNew };
  });
}

/** Makes a draft another; one that was started stays as it is. Whoever changes it may not approve of it either. */
export async function changeDraft(
  { db, texts }: CampaignDesk,
  id: number,
  who: string,
  wish: NewCampaign,
): Promise<CampaignActed | { noTexts: true }> {
  if (!texts.includes(wish.texts)) return { noTexts: true };
  return db.transaction().execute(async (tx) => {
    const campaign = await lockedCampaign(tx, id);
    if (!campaign) return { none: true as const };
    if (campaign.state !== 'draft') return { refused: `it is ${campaign.state}; only a draft can be changed` };
    await rewriteCampaign(tx, id, wish, who);
    await audited(tx, { who, what: 'campaign-changed', subject: String(id) });
    return { campaign: (await lockedCampaign(tx, id))! };
  });
}

/** Sends it on its way, at once or at its time; where a second person has to approve, asks for that first. */
export const startCampaign = (desk: CampaignDesk, id: number, who: string, at?: Date): Promise<CampaignActed> =>
  act(desk, id, who, 'campaign-started', desk.approval ? 'awaiting-approval' : 'scheduled', async (_tx, campaign) => ({
    startAt: at ?? campaign.startAt ?? desk.now(),
  }));

/** The second person says yes. Whoever made it, or changed its draft, may not. */
export const approveCampaign = (desk: CampaignDesk, id: number, who: string): Promise<CampaignActed> =>
  act(desk, id, who, 'campaign-approved', 'scheduled', async (_tx, campaign) => {
    if (campaign.state !== 'awaiting-approval')
      return { refused: `it is ${campaign.state}; nothing waits for approval` };
    if (isOwn(campaign, who))
      return { refused: 'whoever made a campaign or changed it cannot approve of it; a second person has to' };
    return { approvedBy: who, approvedAt: desk.now() };
  });

/** Whether it is of their making, if only in part. */
export const isOwn = ({ madeBy, changedBy }: Pick<Campaign, 'madeBy' | 'changedBy'>, who: string): boolean =>
  madeBy === who || changedBy.includes(who);

/** Nobody more is told until it is resumed; whoever an account has it of already is told. */
export const pauseCampaign = (desk: CampaignDesk, id: number, who: string, reason?: string): Promise<CampaignActed> =>
  act(desk, id, who, 'campaign-paused', 'paused', async (tx, campaign) => {
    const held = await holdBack(tx, id);
    return { released: campaign.released - held, ...(reason ? { reason } : {}) };
  });

/** Goes on where it stood; what it did not send meanwhile is not made up for at once. */
export async function resumeCampaign(desk: CampaignDesk, id: number, who: string): Promise<CampaignActed> {
  return act(desk, id, who, 'campaign-resumed', 'scheduled', async (_tx, { state, startAt }) =>
    state === 'paused' ? { startAt: startAt ?? desk.now() } : { refused: `it is ${state}, not paused` },
  );
}

/** For good. Whoever was not told yet never is. */
export const stopCampaign = (desk: CampaignDesk, id: number, who: string, reason?: string): Promise<CampaignActed> =>
  act(desk, id, who, 'campaign-stopped', 'stopped', async (tx) => {
    await giveUpRecipients(tx, id, 'the campaign was stopped', desk.now());
    return { endedAt: desk.now(), ...(reason ? { reason } : {}) };
  });

/** Sends it to these customers now, whatever its state: they are counted nowhere. What they agreed to holds for them, too. */
export async function testCampaign(
  desk: CampaignDesk,
  id: number,
  who: string,
  customers: readonly number[],
): Promise<{ notices: { customer: number; notice: number }[] } | { none: true } | { refused: string }> {
  return desk.db.transaction().execute(async (tx) => {
    const campaign = await lockedCampaign(tx, id);
    if (!campaign) return { none: true as const };
    const known = new Set(await existingCustomers(tx, customers));
    const missing = customers.filter((each) => !known.has(each));
    if (missing.length > 0) return { refused: `there is no customer ${missing.join(', ')}` };
    const notices = [];
    for (const customer of customers) {
      const notice = await planNotice(tx, desk, {
        ...{ customer, purpose: campaign.purpose, event: campaign.texts, variables: campaign.variables },
        priority: 'high' satisfies keyof typeof priorities,
        expiresAt: new Date(desk.now().getTime() + testHolds),
      });
      if (notice !== undefined) notices.push({ customer, notice });
    }
    await audited(tx, { who, what: 'campaign-tested', subject: String(id), detail: { customers: [...customers] } });
    return { notices };
  });
}

const testHolds = 3_600_000;

type Change = Omit<CampaignChange, 'state'> | { refused: string };

async function act(
  { db, queue }: CampaignDesk,
  id: number,
  who: string,
  what: CampaignAct,
  to: CampaignState,
  change: (tx: Tx, campaign: Campaign) => Promise<Change>,
): Promise<CampaignActed> {
  return db.transaction().execute(async (tx) => {
    const campaign = await lockedCampaign(tx, id);
    if (!campaign) return { none: true as const };
    if (!mayBecome(campaign.state, to)) return { refused: `it is ${campaign.state} and cannot be ${to}` };
    const changed = await change(tx, campaign);
    if ('refused' in changed) return changed;
    await changeCampaign(tx, id, { state: to, ...changed });
    await audited(tx, {
      who,
      what,
      subject: String(id),
      ...(changed.reason ? { detail: { reason: changed.reason } } : {}),
    });
    await queue.wake(tx, [{ queue: 'campaigns', key: String(id) }]);
    return { campaign: (await lockedCampaign(tx, id))! };
  });
}

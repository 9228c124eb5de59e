import { z } from 'zod';
import { audited } from '../../../store/audit.ts';
import { lastMessageTimes } from '../../../store/last-messages.ts';
import { waitingTargets } from '../../../store/target-states.ts';
import { watches } from '../../../store/watches.ts';
import type { AccountDetail, Accounts } from '../../wire/accounts.ts';
import { type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { foundThing, type Known, limitsOf, lineOf } from './show.ts';
import { testEndpoints } from './test-message.ts';

type Parts = Pick<
  ConsoleParts,
  'db' | 'accounts' | 'channels' | 'detail' | 'lookAgain' | 'publicUrl' | 'operations' | 'log'
>;

const named = z.object({ type: z.enum(['channel', 'helpdesk', 'crm']), id: z.string().min(1).max(64) });

export function accountEndpoints(parts: Parts): Endpoint[] {
  const find = ({ type, id }: z.infer<typeof named>) =>
    parts.accounts.find((account) => account.type === type && account.id === id);
  return [
    endpoint({
      method: 'get',
      path: '/accounts',
      may: 'accounts.read',
      handle: async () => fine(await allOf(parts)),
    }),
    endpoint({
      method: 'get',
      path: '/accounts/:type/:id',
      may: 'accounts.read',
      params: named,
      handle: async ({ params }) => {
        const account = find(params);
        return account ? fine(await detailOf(parts, account)) : missing('account');
      },
    }),
    ...checkEndpoints(parts, find),
    ...testEndpoints(parts),
  ];
}

async function allOf(parts: Parts): Promise<Accounts> {
  const known = await knownOf(parts);
  const { checkedAt, checking, findings } = known.detail;
  const ids = new Set(parts.accounts.map(({ id }) => id));
  const own = [...new Set(findings.map(({ account }) => account).filter((account) => !ids.has(account)))];
  return {
    ...{ checkedAt, checking },
    accounts: parts.accounts.map((account) => lineOf(account, known)),
    own: own.map((account) => ({
      account,
      findings: findings.filter((each) => each.account === account).map(foundThing),
    })),
  };
}

async function detailOf(parts: Parts, account: Parts['accounts'][number]): Promise<AccountDetail> {
  const known = await knownOf(parts);
  const { checkedAt, checking, findings } = known.detail;
  const own = findings.filter((each) => each.account === account.id);
  const base = parts.publicUrl?.replace(/\/+$/, '');
  return {
    ...lineOf(account, known),
    ...{ checkedAt, checking },
    findings: own.map(foundThing),
    mend: own.find((each) => each.mend !== undefined)?.mend ?? null,
    webhookUrl: account.called && base !== undefined ? `${base}/webhooks/${account.kind}/${account.id}` : null,
    limits: limitsOf(account),
    settings: account.settings,
  };
}

async function knownOf({ db, detail, accounts }: Parts): Promise<Known> {
  const channels = accounts.filter(({ type }) => type === 'channel').map(({ id }) => id);
  const [waiting, watched, lastMessages] = await Promise.all([
    waitingTargets(db),
    watches(db),
    lastMessageTimes(db, channels),
  ]);
  return { detail: detail(), waiting, watches: watched, lastMessages };
}

type Find = (asked: z.infer<typeof named>) => Parts['accounts'][number] | undefined;

function checkEndpoints(parts: Parts, find: Find): Endpoint[] {
  return [
    endpoint({
      method: 'post',
      path: '/accounts/:type/:id/check',
      may: 'accounts.test',
      params: named,
      handle: async ({ params }) => {
        const account = find(params);
        if (!account) return missing('account');
        await parts.lookAgain(account.id, false);
        return fine(await detailOf(parts, account));
      },
    }),
    endpoint({
      method: 'post',
      path: '/accounts/:type/:id/fix',
      may: 'accounts.fix',
      params: named,
      handle: async ({ params, who }) => {
        const account = find(params);
        if (!account) return missing('account');
        const reports = await parts.lookAgain(account.id, true);
        const done = [...new Set(reports.flatMap(({ mended }) => mended ?? []))];
        await audited(parts.db, { who, what: 'account-fixed', subject: account.id, detail: { done } });
        return fine({ done, account: await detailOf(parts, account) });
      },
    }),
  ];
}

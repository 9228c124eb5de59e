import type { HealthDetail } from '../../../http/health-detail.ts';
import type { WaitingTarget } from '../../../store/target-states.ts';
import type { Watch } from '../../../store/watches.ts';
import type { AccountLimits, AccountLine, AccountState, FoundThing } from '../../wire/accounts.ts';
import type { ConfiguredAccount } from './place.ts';

/** What is known of the accounts beside how they are configured. */
export interface Known {
  detail: HealthDetail;
  waiting: readonly WaitingTarget[];
  watches: readonly Watch[];
  lastMessages: ReadonlyMap<string, Date>;
}

export function lineOf(account: ConfiguredAccount, known: Known): AccountLine {
  const { type, id, kind, label, helpdesk, crm } = account;
  return {
    ...{ type, id, kind, label },
    ...troubleOf(account, known),
    helpdesk: helpdesk ?? null,
    crm: crm ?? null,
    lastMessageAt: type === 'channel' ? (known.lastMessages.get(id)?.toISOString() ?? null) : null,
  };
}

/** The worst first: what is told to everybody by a stop, then what was found when somebody looked. */
function troubleOf({ type, id }: ConfiguredAccount, known: Known): { state: AccountState; trouble: string | null } {
  const target = `${type}:${id}`;
  const stopped = known.waiting.find((each) => each.target === target);
  if (stopped) return { state: stopped.state, trouble: stopped.reason };
  const watch = known.watches.find((each) => each.target === target);
  if (watch?.subscribed === false) return { state: 'bad', trouble: watch.why ?? 'the platform does not call us' };
  const found = known.detail.findings.filter(({ account }) => account === id);
  const bad = found.find(({ ok }) => !ok);
  if (bad) return { state: 'bad', trouble: said(bad) };
  if (watch?.silentSince) return { state: 'warning', trouble: `silent since ${watch.silentSince.toISOString()}` };
  const warning = found.find((each) => each.warning);
  if (warning) return { state: 'warning', trouble: said(warning) };
  return { state: found.length > 0 ? 'fine' : 'unknown', trouble: null };
}

const said = ({ what, why }: { what: string; why?: string }): string => (why ? `${what}: ${why}` : what);

export const foundThing = (found: HealthDetail['findings'][number]): FoundThing => ({
  ok: found.ok,
  warning: found.warning ?? false,
  what: found.what,
  why: found.why ?? null,
  fix: found.fix ?? null,
  matters: found.matters ?? null,
});

export function limitsOf({ channel, asHuman }: ConfiguredAccount): AccountLimits | null {
  if (!channel) return null;
  const { limits } = channel;
  return {
    textLength: limits.textLength,
    attachmentBytes: limits.attachmentBytes,
    attachmentBytesByType: Object.entries(limits.attachmentBytesByType ?? {}).map(([type, bytes]) => ({ type, bytes })),
    windowMs: limits.window ?? null,
    humanWindowMs: (asHuman && limits.humanAgentWindow) || null,
    messagesPerWindow: limits.messagesPerWindow ?? null,
    choices: limits.choices ?? null,
    templates: channel.listTemplates !== undefined,
    afterWindow: limits.afterWindow ?? null,
  };
}

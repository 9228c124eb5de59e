import type { CheckReport } from '../flows/doctor/run-checks.ts';

/** What `passerelle doctor` last found, told without asking anybody now. */
export interface HealthDetail {
  /** When it was looked at; null until the first time is over. */
  checkedAt: string | null;
  /** A newer one is being made. */
  checking: boolean;
  findings: (CheckReport['findings'][number] & { account: string; kind: string; mend?: string })[];
}

/** Tells what is known at once. `learn` takes in what somebody found meanwhile by looking at some accounts. */
export type TellHealth = (() => HealthDetail) & { learn(reports: readonly CheckReport[]): void };

/** Whoever asks often learns no more: the platforms are asked this often at most. Milliseconds. */
const freshFor = 10 * 60_000;

/** Looks when somebody asks and what is known is old; answers at once with what is known. */
export function makeHealthDetail(look: () => Promise<readonly CheckReport[]>, now: () => Date): TellHealth {
  let known: { at: Date; reports: readonly CheckReport[] } | undefined;
  let checking = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  const refresh = async () => {
    checking = true;
    lookedAt = now().getTime();
    try {
      known = { reports: await look(), at: now() };
    } catch {
      // A check that throws is a finding; this is the database or the process going away, which readiness tells.
    } finally {
      checking = false;
    }
  };
  const tell = () => {
    if (!checking && now().getTime() - lookedAt >= freshFor) void refresh();
    return {
      checkedAt: known?.at.toISOString() ?? null,
      checking,
      findings: (known?.reports ?? []).flatMap(({ account, kind, findings, mend }) =>
        findings.map((finding) => ({
          account,
          kind,
          ...finding,
          ...(mend !== undefined && !fine(finding) && { mend }),
        })),
      ),
    };
  };
  const learn = (reports: readonly CheckReport[]) => {
    const seen = new Set(reports.map(({ account }) => account));
    const others = known?.reports.filter(({ account }) => !seen.has(account)) ?? [];
    known = { at: known?.at ?? now(), reports: [...others, ...reports] };
  };
  return Object.assign(tell, { learn });
}

const fine = ({ ok, warning }: CheckReport['findings'][number]): boolean => ok && !warning;

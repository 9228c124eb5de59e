import type { CheckReport } from '../flows/doctor/run-checks.ts';

/** What `passerelle doctor` last found, told without asking anybody now. */
export interface HealthDetail {
  /** When it was looked at; null until the first time is over. */
  checkedAt: string | null;
  /** A newer one is being made. */
  checking: boolean;
  findings: (CheckReport['findings'][number] & { account: string; kind: string })[];
}

/** Whoever asks often learns no more: the platforms are asked this often at most. Milliseconds. */
const freshFor = 10 * 60_000;

/** Looks when somebody asks and what is known is old; answers at once with what is known. */
export function makeHealthDetail(look: () => Promise<readonly CheckReport[]>, now: () => Date): () => HealthDetail {
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
  return () => {
    if (!checking && now().getTime() - lookedAt >= freshFor) void refresh();
    return {
      checkedAt: known?.at.toISOString() ?? null,
      checking,
      findings: (known?.reports ?? []).flatMap(({ account, kind, findings }) =>
        findings.map((finding) => ({ account, kind, ...finding })),
      ),
    };
  };
}

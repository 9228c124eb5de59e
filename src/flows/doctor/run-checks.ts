import type { Finding } from '../../domain/finding.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { faultOf } from '../../kit/fault.ts';

/** Looks at one thing, from outside or within. */
export interface Check {
  /** The account it is about, or what else: `database`. */
  account: string;
  kind: string;
  /** Of what is said when it does not come back. */
  name: string;
  /** Goes with each finding that does not say itself why it matters. */
  matters: string;
  look(): Promise<readonly Finding[]>;
  /** What can be done about it from here. */
  mend?: { words: string; run(): Promise<Outcome<unknown>> };
}

export interface CheckReport {
  account: string;
  kind: string;
  findings: readonly Finding[];
  /** What was done, with --fix. */
  mended?: string;
  /** What could be done from here about what was found. */
  mend?: string;
}

export interface CheckOptions {
  /** A check that has not come back by then is a finding itself. Milliseconds. */
  timeoutMs: number;
  /** Do what can be done, and look again. */
  fix: boolean;
  /** Only what concerns this account. */
  only?: string;
  /** Told after each check. */
  onProgress?: (done: number, of: number, check: Check) => void;
}

/** All at the same time; in the order in which they were given. One that hangs or throws is a finding. */
export async function runChecks(all: readonly Check[], options: CheckOptions): Promise<CheckReport[]> {
  const checks = options.only === undefined ? all : all.filter(({ account }) => account === options.only);
  let done = 0;
  return Promise.all(
    checks.map(async (check) => {
      const report = await runCheck(check, options);
      done += 1;
      options.onProgress?.(done, checks.length, check);
      return report;
    }),
  );
}

async function runCheck(check: Check, options: CheckOptions): Promise<CheckReport> {
  const { account, kind, mend } = check;
  const findings = await look(check, options);
  if (!mend || findings.every(({ ok, warning }) => ok && !warning)) return { account, kind, findings };
  if (!options.fix) return { account, kind, findings, mend: mend.words };
  const ended = await inTime(mend.run(), 3 * options.timeoutMs).catch(thrown);
  if (ended === late) return { account, kind, findings: [...findings, notMended(mend.words, 'it took too long')] };
  if (ended.result !== 'done') return { account, kind, findings: [...findings, notMended(mend.words, ended.why)] };
  return { account, kind, findings: await look(check, options), mended: mend.words };
}

const thrown = (error: unknown) => ({ result: 'never' as const, why: String(faultOf(error).why) });

const notMended = (words: string, why: string): Finding => ({ ok: false, what: `could not be mended (${words})`, why });

async function look(check: Check, { timeoutMs }: CheckOptions): Promise<Finding[]> {
  const { name, matters } = check;
  const found = await inTime(
    Promise.resolve().then(() => check.look()),
    timeoutMs,
  ).catch((error: unknown): Finding[] => [
    { ok: false, what: name, why: `could not be looked at: ${String(faultOf(error).why)}` },
  ]);
  const findings = found === late ? [tooLate(name, timeoutMs)] : found;
  return findings.map((finding) => (finding.ok && !finding.warning ? finding : { matters, ...finding }));
}

const tooLate = (name: string, timeoutMs: number): Finding => ({
  ok: false,
  what: name,
  why: `no answer within ${timeoutMs / 1_000} s`,
  fix: 'Ask again in a minute. If it stays so: is the way there open (firewall, proxy, DNS)?',
});

const late = Symbol('late');

/** What hangs goes on hanging, but nobody waits for it. */
function inTime<Value>(work: Promise<Value>, ms: number): Promise<Value | typeof late> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), ms);
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

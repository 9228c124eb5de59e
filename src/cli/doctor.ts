import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

/** What a health check found at one account. `fix` says what the operator should do. */
export interface AccountFindings {
  account: string;
  kind: string;
  findings: readonly { ok: boolean; what: string; why?: string; fix?: string }[];
}

/** Prints what is well and what is not, account by account. */
export function doctor(accounts: readonly AccountFindings[], json: boolean, terminal: Terminal): ExitCode {
  const lines = json ? accounts.flatMap(jsonLines) : readableLines(accounts);
  for (const line of lines) terminal.out(line);
  const allWell = accounts.every(({ findings }) => findings.every(({ ok }) => ok));
  return allWell ? exitCodes.fine : exitCodes.bad;
}

const jsonLines = ({ account, kind, findings }: AccountFindings): string[] =>
  findings.map(({ ok, what, why, fix }) => JSON.stringify({ account, kind, ok, what, why, fix }));

function readableLines(accounts: readonly AccountFindings[]): string[] {
  if (accounts.length === 0) return ['Nothing to check: no accounts are configured.'];
  const wrong = accounts.flatMap(({ findings }) => findings.filter(({ ok }) => !ok)).length;
  const verdict = wrong === 0 ? 'All is well.' : `${wrong} ${wrong === 1 ? 'thing needs' : 'things need'} mending.`;
  return [...accounts.flatMap(accountLines), verdict];
}

function accountLines({ account, kind, findings }: AccountFindings): string[] {
  const lines = findings.flatMap(({ ok, what, why, fix }) => [
    `  ${ok ? '✓' : '✗'} ${what}${why ? `: ${why}` : ''}`,
    ...(fix && !ok ? [`      ${fix}`] : []),
  ]);
  return [`${account} (${kind})`, ...(lines.length > 0 ? lines : ['  nothing to check'])];
}

import { systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { isDone, memoryTokens, type SharedTokens } from '../kit/shared-tokens.ts';
import type { Settings } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { canSeal, sealFor } from '../store/seal-for.ts';
import { keptToken, ledgerTokens } from '../store/shared-tokens.ts';

/** Tokens that expire, in the ledger; where there is no key to seal them with, in this process alone, which is said once. */
export function tokensOf(settings: Settings, db: Database, log: Log): SharedTokens {
  if (canSeal(settings)) return ledgerTokens(db, () => sealFor(settings), systemClock.now);
  const tokens = memoryTokens(systemClock.now);
  let said = false;
  const say = () => {
    if (!said) log.warn('tokens.not-kept', { fix: 'set secrets.keys (openssl rand -base64 32)' });
    said = true;
  };
  return {
    get: (key, renew, refused) => {
      say();
      return tokens.get(key, renew, refused);
    },
    put: (key, token) => {
      say();
      return tokens.put(key, token);
    },
  };
}

/**
 * For a command that runs beside the service: tokens of its own, and where it can get none by itself, the one that is kept. What
 * keeps it from reading that is told by the checks of the database.
 */
export function tokensBeside(settings: Settings, ledger: () => Promise<Database>): SharedTokens {
  const tokens = memoryTokens(systemClock.now);
  const kept = async (key: string) =>
    canSeal(settings) ? keptToken(await ledger(), sealFor(settings), key, systemClock.now()) : undefined;
  return {
    ...tokens,
    get: (key, renew, refused) =>
      tokens.get(
        key,
        async (last) => {
          const renewed = await renew(last);
          if (isDone(renewed)) return renewed;
          const found = await kept(key).catch(() => undefined);
          return found && found.token !== refused ? { result: 'done' as const, value: found } : renewed;
        },
        refused,
      ),
  };
}

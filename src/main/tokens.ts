import { systemClock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { memoryTokens, type SharedTokens } from '../kit/shared-tokens.ts';
import type { Settings } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { canSeal, sealFor } from '../store/seal-for.ts';
import { ledgerTokens } from '../store/shared-tokens.ts';

/** Tokens that expire, in the ledger; where there is no key to seal them with, in this process alone, which is said once. */
export function tokensOf(settings: Settings, db: Database, log: Log): SharedTokens {
  if (canSeal(settings)) return ledgerTokens(db, () => sealFor(settings), systemClock.now);
  const tokens = memoryTokens(systemClock.now);
  let said = false;
  return {
    get: (key, renew, refused) => {
      if (!said) log.warn('tokens.not-kept', { fix: 'set secrets.keys (openssl rand -base64 32)' });
      said = true;
      return tokens.get(key, renew, refused);
    },
  };
}

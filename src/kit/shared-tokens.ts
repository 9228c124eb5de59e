/** A token that a platform handed out for a while. */
export interface HandedOut {
  token: string;
  /** How long it holds from now, in milliseconds, as the platform said. */
  holdsMs: number;
}

/**
 * Tokens that expire and are asked for anew. All replicas share them: one renews, the others wait and use what it got, for
 * some platforms end the old token when they hand out a new one.
 */
export interface SharedTokens {
  /**
   * The token kept under `key` while it holds for another minute; else `renew`'s, which is given the last one there was.
   * `refused` is one the platform no longer takes, whatever it said before. A failure of `renew` is handed through.
   */
  get<Failure>(
    key: string,
    renew: (last: string | undefined) => Promise<{ result: 'done'; value: HandedOut } | Failure>,
    refused?: string,
  ): Promise<{ result: 'done'; value: string } | Failure>;
  /** Keeps a token that a platform handed out by itself, in place of what was there. */
  put(key: string, token: HandedOut): Promise<void>;
}

/** A token is renewed this much before it ends, in milliseconds. */
export const renewBeforeMs = 60_000;

/** Tokens of this process alone: for the doctor and for tests. Calls for one key wait for each other. */
export function memoryTokens(now: () => Date = () => new Date()): SharedTokens {
  const kept = new Map<string, { token: string; until: number }>();
  const underWay = new Map<string, Promise<unknown>>();
  return {
    async get(key, renew, refused) {
      await underWay.get(key)?.catch(() => undefined);
      const known = kept.get(key);
      if (known && known.token !== refused && known.until - renewBeforeMs > now().getTime())
        return { result: 'done', value: known.token };
      const renewing = renew(known?.token);
      underWay.set(key, renewing);
      const renewed = await renewing.finally(() => underWay.delete(key));
      if (!isDone(renewed)) return renewed;
      const { token, holdsMs } = renewed.value;
      kept.set(key, { token, until: now().getTime() + holdsMs });
      return { result: 'done', value: token };
    },
    async put(key, { token, holdsMs }) {
      kept.set(key, { token, until: now().getTime() + holdsMs });
    },
  };
}

/** Whether `renew` got a token. */
export const isDone = (renewed: unknown): renewed is { result: 'done'; value: HandedOut } =>
  typeof renewed === 'object' && renewed !== null && 'result' in renewed && renewed.result === 'done';

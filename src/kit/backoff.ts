/** 1 s, 2 s, 4 s… at most a minute, with a fifth of jitter so that replicas do not come back all at once. */
export function backoffMs(attempts: number): number {
  const base = Math.min(60_000, 1_000 * 2 ** Math.min(attempts, 6));
  return Math.round(base * (0.9 + Math.random() * 0.2));
}

/** Names a conversation's jobs and lock: its account and the platform user as the webhook names them. */
export const conversationKey = (account: string, platformUser: string): string => `${account}|${platformUser}`;

export function splitKey(key: string): [string, string] {
  const bar = key.indexOf('|');
  return [key.slice(0, bar), key.slice(bar + 1)];
}

import { hmacSha256, sameInConstantTime } from '../../../kit/crypto.ts';
import type { ZendeskAccount } from '../account.ts';

/** The addresses that hold a secret: the framework signs nothing, so whoever knows the address is believed. */
export type SecretCall = 'manifest' | 'admin' | 'channelback' | 'events';

/** The last piece of such an address; each has its own, so that one that leaks opens no other. */
export const keyOf = ({ id, channelSecret }: ZendeskAccount, name: SecretCall): string =>
  proofOf(channelSecret?.reveal() ?? '', `address:${id}:${name}`);

export const isKey = (account: ZendeskAccount, name: SecretCall, key: string | undefined): boolean =>
  account.channelSecret !== undefined && key !== undefined && sameInConstantTime(key, keyOf(account, name));

/** What Zendesk keeps for us with an integration account, and sends along with each channelback. */
export const metadataFor = ({ id, channelSecret }: ZendeskAccount, instance: string): string =>
  JSON.stringify({ v: 1, instance, proof: proofOf(channelSecret?.reveal() ?? '', `metadata:${id}:${instance}`) });

/** Whether the metadata was made here, for one of this account's integration accounts. */
export function isMetadata(account: ZendeskAccount, metadata: string | undefined): boolean {
  const instance = instanceIn(metadata);
  return (
    account.channelSecret !== undefined &&
    instance !== undefined &&
    metadata !== undefined &&
    sameInConstantTime(metadata, metadataFor(account, instance))
  );
}

function instanceIn(metadata: string | undefined): string | undefined {
  try {
    const { instance } = JSON.parse(metadata ?? '') as { instance?: unknown };
    return typeof instance === 'string' ? instance : undefined;
  } catch {
    return undefined;
  }
}

const proofOf = (secret: string, what: string): string => hmacSha256(secret, what).toString('hex');

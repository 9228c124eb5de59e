import { sha256Hex } from '../kit/crypto.ts';
import { Secret } from '../kit/secret.ts';
import type { Settings } from './settings.ts';

/** Two processes have the same one when they have the same accounts with the same secrets. It tells nothing of these. */
export const accountsDigest = ({
  channels,
  helpdesks,
  crms,
}: Pick<Settings, 'channels' | 'helpdesks' | 'crms'>): string => sha256Hex(canonical({ channels, helpdesks, crms }));

function canonical(value: unknown): string {
  if (value instanceof Secret) return sha256Hex(value.reveal());
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}

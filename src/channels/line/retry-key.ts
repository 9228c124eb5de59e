import type { Marker } from '../../domain/ids.ts';
import { sha256Hex } from '../../kit/crypto.ts';

/**
 * X-Line-Retry-Key: a UUID that is the same whenever this bubble is pushed, so that LINE takes it once ("Retrying an API
 * request"; it remembers for 24 hours).
 */
export function retryKeyOf(marker: Marker, account: string): string {
  const hex = sha256Hex(`passerelle ${account} ${marker}`);
  // Version 8 (one's own making) and variant, as RFC 9562 wants them.
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

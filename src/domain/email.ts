import { domainToASCII } from 'node:url';

/** An address as the mail world takes it, whole. Quoted local parts, which nobody has, are not taken. */
const whole =
  /^(?<local>[^\s@<>"(),;:\\[\]]{1,64})@(?<domain>[^\s@<>"'(),;:\\[\]/]{1,253}\.[^\s@<>"'(),;:\\[\]/.]{2,63})$/u;

/**
 * The address as it is kept: the domain lower-cased and in ASCII (IDNA), the part before the @ as it was written. Undefined
 * for what is no address.
 */
export function emailAddress(text: string): string | undefined {
  const { local, domain } = whole.exec(text.trim())?.groups ?? {};
  if (local === undefined || domain === undefined || /^\.|\.$|\.\./.test(local)) return undefined;
  const ascii = domainToASCII(domain.normalize('NFC').toLowerCase());
  const labels = ascii.split('.');
  const fits = labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label));
  return ascii === '' || !fits || /^\d+$/.test(labels.at(-1)!) ? undefined : `${local.normalize('NFC')}@${ascii}`;
}

/**
 * The form by which two addresses are the same: that of `emailAddress`, all in lower case. Servers may tell `Ida@` from
 * `ida@` (RFC 5321, 2.4), but none does. Dots and what follows a plus are part of the name: what they mean only its own
 * server knows.
 */
export const comparedEmail = (text: string): string | undefined => emailAddress(text)?.toLowerCase();

import type { InboundEvent } from './event.ts';

/**
 * The token of a signed link: 128 bits, so that nobody guesses one; letters and digits only, which every platform brings
 * back as they are: the strictest takes 64 of A-Z a-z 0-9 _ -.
 */
const form = /(?<![A-Za-z0-9_])psl_[A-Za-z0-9]{22}(?![A-Za-z0-9_])/;
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `bytes`: 16 of them, random or derived from a key. */
export function linkToken(bytes: Uint8Array): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let digits = '';
  for (let n = 0; n < 22; n++) {
    digits = alphabet[Number(rest % 62n)] + digits;
    rest /= 62n;
  }
  return `psl_${digits}`;
}

/** The token in a text or a `ref`, if there is one. */
export const tokenIn = (text: string | undefined): string | undefined => (text ? form.exec(text)?.[0] : undefined);

/** What stands for a token where people read it. */
export const withoutTokens = (text: string): string => text.replace(new RegExp(form, 'g'), 'psl_…');

/**
 * The token an event brings: as the `ref` of a link, an ad or a plugin, as the code of an account that was linked, or in
 * what was written. Never from what the business itself said.
 */
export function tokenOf(event: InboundEvent): string | undefined {
  switch (event.type) {
    case 'referral':
      return tokenIn(event.referral.ref);
    case 'opt-in':
      return tokenIn(event.ref);
    case 'account-link':
      return tokenIn(event.code);
    case 'message':
      return event.public ? undefined : (tokenIn(event.referral?.ref) ?? tokenIn(textOf(event.parts)));
    case 'postback':
      return tokenIn(event.referral?.ref);
    default:
      return undefined;
  }
}

/** An event that a bug wrote without parts is seen to where it is applied, not here. */
const textOf = (parts: Extract<InboundEvent, { type: 'message' }>['parts'] | null): string =>
  (parts ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('\n');

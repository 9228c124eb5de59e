import { sha256Hex } from '../kit/crypto.ts';
import type { Database } from '../store/database.ts';
import { type ExclusionWish, endOfPage, excludedPage, type KnownBy } from '../store/exclusions.ts';

const page = 5_000;

/** How the columns are called that ad platforms read. */
export const exclusionHead = 'email,phone';

/**
 * The lines of a list for an ad platform's custom audience: hashed, one e-mail address or phone a line. No line tells who it is of.
 */
export async function* exclusionLines(db: Database, wish: ExclusionWish): AsyncGenerator<string> {
  for (let after = 0; ; ) {
    const last = await endOfPage(db, wish, after, page);
    if (last === undefined) return;
    for (const known of await excludedPage(db, wish, after, page)) yield lineOf(known);
    after = last;
  }
}

const lineOf = ({ kind, value }: KnownBy): string =>
  kind === 'email' ? `${hashedEmail(value)},` : `,${hashedPhone(value)}`;

/** Meta, "Customer file custom audiences": trimmed and in lower case, SHA-256 in hex. */
export const hashedEmail = (email: string): string => sha256Hex(email.trim().toLowerCase());
/** Likewise: digits alone, with the country code and without zeros before it. */
export const hashedPhone = (phone: string): string => sha256Hex(phone.replace(/\D/g, '').replace(/^0+/, ''));

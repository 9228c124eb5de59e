import { comparedEmail, emailAddress } from './email.ts';
import { phoneNumber } from './phone.ts';

/** Longer texts are not read: nobody tells their address at the end of a novel. In UTF-16 units. */
const longest = 4_000;
const links = /\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+/giu;
const mail = /[^\s@<>"'(),;:\\[\]/|][^\s@<>"(),;:\\[\]/|]{0,63}@[^\s@<>"'(),;:\\[\]/|]{1,253}/gu;
/** A plus or two noughts say that it is international; else a leading nought or gaps tell a number from an order's. */
const numbers = /(?<![\p{L}\p{N}_#+@.-])(?:\+|\(?\d)[\d\s().\u00a0/-]{5,24}\d(?![\p{L}\p{N}_@])/gu;

/** The one e-mail address in a text a customer wrote; undefined if there is none, or several: then nobody knows whose. */
export function emailIn(text: string): string | undefined {
  if (!text.includes('@')) return undefined;
  const found = plain(text)
    .match(mail)
    ?.flatMap((each) => emailAddress(each.replace(/[.!?…]+$/u, '')) ?? []);
  return theOnly(found ?? [], (address) => comparedEmail(address)!);
}

/** Likewise the one phone number. Without `country` only international ones are recognised. In E.164. */
export function phoneIn(text: string, country?: string): string | undefined {
  const found = plain(text)
    .match(numbers)
    ?.flatMap((each) => (looksLikePhone(each) ? (phoneNumber(each, country) ?? []) : []));
  return theOnly(found ?? [], (number) => number);
}

const plain = (text: string): string => text.slice(0, longest).replace(links, ' ');

const looksLikePhone = (digits: string): boolean => /^[+(]?0|^\+|\d[\s().\u00a0/-]+\d/.test(digits) && !isDate(digits);

const isDate = (digits: string): boolean =>
  /^\d{4}[-./]\d{1,2}[-./]\d{1,2}$|^\d{1,2}[-./]\d{1,2}[-./]\d{4}$/.test(digits.trim());

function theOnly(found: readonly string[], compared: (text: string) => string): string | undefined {
  return new Set(found.map(compared)).size === 1 ? found.at(-1) : undefined;
}

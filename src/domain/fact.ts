import { comparedEmail, emailAddress } from './email.ts';
import { type Evidence, evidences } from './evidence.ts';
import { phoneNumber } from './phone.ts';

/** What can be known of a customer and tell them from others. A name never does. `shop-customer`: their id at the shop. */
export const factKinds = ['email', 'phone', 'shop-customer'] as const;
export type FactKind = (typeof factKinds)[number];

/** Something told of a customer, with how it is known. */
export interface ToldFact {
  kind: FactKind;
  /** As it is shown and written elsewhere: e-mails by `emailAddress`, phones in E.164. */
  value: string;
  evidence: Evidence;
  /** `customer`, `platform`, `shop:{key name}`, `admin:{e-mail}` or `service`. */
  by: string;
}

/** One that stands: nobody withdrew it. */
export interface Fact extends ToldFact {
  id: number;
  /** Two facts of a kind are the same when this is the same. */
  compared: string;
  at: Date;
}

/** What is kept of a value, and what it is compared by; undefined for what is none of its kind. Phones must be in E.164. */
export function keptFact(kind: FactKind, text: string): { value: string; compared: string } | undefined {
  if (kind === 'shop-customer') return text.trim() === '' ? undefined : { value: text.trim(), compared: text.trim() };
  // A platform knows people by numbers that no numbering plan has (yet).
  const value = kind === 'email' ? emailAddress(text) : (phoneNumber(text) ?? /^\+[1-9]\d{5,14}$/.exec(text)?.[0]);
  if (value === undefined) return undefined;
  return { value, compared: kind === 'email' ? comparedEmail(value)! : value };
}

const rank = ({ evidence }: Pick<Fact, 'evidence'>) => evidences.indexOf(evidence);

/** The strongest first; of equally strong ones the latest. */
export const byStrength = <T extends Pick<Fact, 'evidence' | 'at' | 'id'>>(facts: readonly T[]): T[] =>
  [...facts].sort((a, b) => rank(b) - rank(a) || b.at.getTime() - a.at.getTime() || b.id - a.id);

/** The strongest fact of a kind, if it is at least as strong as needed. */
export const bestFact = <T extends Fact>(
  facts: readonly T[],
  kind: FactKind,
  needed: Evidence = 'stated',
): T | undefined =>
  byStrength(facts.filter((fact) => fact.kind === kind && rank(fact) >= evidences.indexOf(needed)))[0];

import type { Evidence } from './evidence.ts';

/** By what a customer is recognized at the CRM: our own key, the shop's id of them, an e-mail, a phone. Never a name. */
export const contactCriteria = ['external-id', 'shop-customer', 'email', 'phone'] as const;
export type ContactCriterion = (typeof contactCriteria)[number];

/** Where people are kept. A person account is an account that is a person. */
export const contactObjects = ['Contact', 'Lead', 'PersonAccount'] as const;
export type ContactObject = (typeof contactObjects)[number];

/** One rule of those that say who a customer is at the CRM. The first rule that finds anything decides. */
export interface MatchRule {
  by: ContactCriterion;
  objects: readonly ContactObject[];
  /** The field that holds the shop's id of the customer. */
  field?: string | undefined;
  /** How sure a fact must be before it is matched by, if not as `identity.match` says. Our own key always is. */
  evidence?: Evidence | undefined;
}

/** A way to find the helpdesk's user of a customer besides by our own key. */
export interface PersonRule {
  by: 'email' | 'phone';
  evidence: Evidence;
}

/** A record a customer could be, as a person is shown it. */
export interface Candidate {
  id: string;
  name?: string;
  object?: ContactObject | 'User';
  /** Masked: enough to tell two apart. */
  email?: string;
  url?: string;
}

/** `ann.berg@example.com` → `a…g@example.com`. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  const [local, domain] = [email.slice(0, at), email.slice(at)];
  return local.length < 3 ? `…${domain}` : `${local.slice(0, 1)}…${local.slice(-1)}${domain}`;
}

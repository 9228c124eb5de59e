import type { Choice } from './choice.ts';

/**
 * A title and a text, with a picture over it and links to tap under it. It says no more than its title and text do: a channel
 * that has no such form, or none as long, shows them as a text (`channels/shared/plain-body.ts`).
 */
export interface CardBody {
  type: 'card';
  title: string;
  text: string;
  /** Where the platform fetches it, by HTTPS. */
  picture?: string;
  choices?: readonly Choice[];
}

/** What was bought and paid. Amounts are in minor units of the currency. A channel without such a form shows `text`. */
export interface ReceiptBody {
  type: 'receipt';
  text: string;
  choices?: readonly Choice[];
  number: string;
  recipient: string;
  merchant?: string;
  /** ISO 4217. */
  currency: string;
  paymentMethod: string;
  url?: string;
  at: Date;
  lines: readonly { title: string; subtitle?: string; quantity: number; price: number; picture?: string }[];
  address?: { street1: string; street2?: string; city: string; postalCode: string; state?: string; country: string };
  subtotal?: number;
  shipping?: number;
  tax?: number;
  total: number;
  adjustments?: readonly { name: string; amount: number }[];
  /** In which language amounts are written, and what the sums are called in it. */
  language: string;
  labels: { subtotal: string; shipping: string; tax: string; total: string };
}

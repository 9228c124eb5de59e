import { z } from 'zod';
import type { Address, OrderLine } from '../../domain/order.ts';
import { phoneNumber } from '../../domain/phone.ts';
import { hmacSha256, sameInConstantTime } from '../../kit/crypto.ts';
import { minorUnits } from '../../kit/minor-units.ts';
import type { WebhookRequest } from '../../kit/webhook.ts';

/** Shops leave fields out, or write null or nothing: all of it is the same. */
export const text = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(undefined)
  .transform((value) => {
    const trimmed = String(value ?? '').trim();
    return trimmed === '' ? undefined : trimmed;
  });

export const id = z.union([z.string().min(1), z.number().int()]).transform(String);

/** HMAC-SHA256 of the raw body in base64, as both kinds of shops sign. */
export function isSigned(request: WebhookRequest, header: string, secret: string): boolean {
  const given = Buffer.from(request.headers[header] ?? '', 'base64');
  return sameInConstantTime(given, hmacSha256(secret, request.body));
}

/** A time with its zone; one without is taken as UTC. */
export function timeIn(value: string | undefined): Date | undefined {
  if (value === undefined) return undefined;
  const at = new Date(/(?:Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

/** The first that is a phone number with its country; `country` reads those without. */
export const phoneIn = (country: string | undefined, ...given: (string | undefined)[]): string | undefined =>
  given.flatMap((each) => (each === undefined ? [] : (phoneNumber(each, country) ?? []))).at(0);

/** Only a whole address is one. */
export function addressOf(given: {
  name?: string | undefined;
  street1?: string | undefined;
  street2?: string | undefined;
  city?: string | undefined;
  postalCode?: string | undefined;
  state?: string | undefined;
  country?: string | undefined;
}): Address | undefined {
  const { street1, city, postalCode, country } = given;
  if (!street1 || !city || !postalCode || !country || !/^[A-Za-z]{2}$/.test(country)) return undefined;
  return { ...given, street1, city, postalCode, country: country.toUpperCase() };
}

/** A line of an order; undefined where its price is none of the currency. */
export function lineOf(
  {
    title,
    sku,
    quantity,
    price,
  }: { title: string | undefined; sku: string | undefined; quantity: number; price: unknown },
  currency: string,
): OrderLine | undefined {
  const minor = minorUnits(price, currency);
  if (minor === undefined || title === undefined || quantity < 1) return undefined;
  return { title, quantity, price: minor, ...(sku ? { sku } : {}) };
}

export function jsonIn(request: WebhookRequest): unknown {
  try {
    return JSON.parse(request.body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export const problemOf = (error: z.ZodError): string =>
  `${error.issues[0]?.path.join('.') || 'the body'}: ${error.issues[0]?.message ?? 'not right'}`;

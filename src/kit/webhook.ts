/** A webhook as it came. `body` holds the raw bytes: signatures are over these, never over something parsed. */
export interface WebhookRequest {
  method: string;
  /** As the platform called it: the public address of the service, path and query to the letter. */
  url: string;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | undefined>>;
  query: Readonly<Record<string, string | undefined>>;
  body: Buffer;
  /** When it came in, for platforms that do not tell when a thing happened; absent where a body is only explained. */
  receivedAt?: Date;
}

declare const verified: unique symbol;
/** A request whose sender was proved by `verify`. Only this fits `receive`, so skipping the signature fails to compile. */
export type VerifiedRequest = WebhookRequest & { readonly [verified]: true };
/** For a `verify` method alone, once the signature holds. */
export const asVerified = (request: WebhookRequest): VerifiedRequest => request as VerifiedRequest;

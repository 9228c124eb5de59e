import type { WebhookRequest } from '../../../kit/webhook.ts';

/** What the contract tests need to know of a channel. Each channel's folder exports one, `sample`, from `testing.ts`. */
export interface ChannelSample {
  /** Good settings of an account with the id `acme-page`; each secret in it starts with `CANARY`. */
  account: Record<string, unknown>;
  /** A POST with this body as the platform sends and signs it for that account. */
  sign(body: Buffer): WebhookRequest;
  /** Where the proof is: the name of a header or query parameter. */
  proof: { header: string } | { query: string };
  /**
   * What the signature is over. `bytes`: the body to the letter. `parameters`: the fields of a form. `nothing`: the proof is
   * a secret that comes along.
   */
  signs: 'bytes' | 'parameters' | 'nothing';
  /** How the names of webhook bodies in `fixtures/` end. */
  fixtures: '.json' | '.xml' | '.txt';
}

import { z } from 'zod';
import type { TicketId } from '../../domain/ids.ts';
import { sameInConstantTime, sha256Hex } from '../../kit/crypto.ts';
import type { Secret } from '../../kit/secret.ts';
import { asVerified, type VerifiedRequest, type WebhookRequest } from '../../kit/webhook.ts';
import type { CallbackReceived } from '../helpdesk.ts';

/** A flow's HTTP callout can send a fixed header, and cannot sign: the secret proves who calls. */
export function verifyCallback(request: WebhookRequest, secret: Secret | undefined): VerifiedRequest | 'forged' {
  const given = /^Bearer (.+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  if (!secret || !given) return 'forged';
  return sameInConstantTime(given, secret.reveal()) ? asVerified(request) : 'forged';
}

const body = z.object({ caseId: z.string().regex(/^500\w{12}(\w{3})?$/) });

/** Which Case it is about: `{"caseId": "500…"}`. */
export function readCallback(request: VerifiedRequest): CallbackReceived {
  const read = body.safeParse(parsed(request.body.toString('utf8')));
  if (!read.success) return { malformed: 'expected JSON with the id of a Case: {"caseId": "500…"}' };
  const ticket = longId(read.data.caseId) as TicketId;
  return { hints: [{ id: sha256Hex(request.body), ticket }] };
}

const checkCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** The 18-character form of an id: its last three say which of the others are upper case (object reference, "ID Field Type"). */
export function longId(id: string): string {
  const checks = [0, 5, 10].map((start) => {
    const bits = [...id.slice(start, start + 5)].map((character, i) => (/[A-Z]/.test(character) ? 1 << i : 0));
    return checkCharacters.charAt(bits.reduce((sum, bit) => sum + bit, 0));
  });
  return id.length === 15 ? id + checks.join('') : id;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

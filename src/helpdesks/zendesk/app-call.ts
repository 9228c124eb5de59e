import { errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { PersonId, TicketId } from '../../domain/ids.ts';
import type { AppCall } from '../helpdesk.ts';
import type { ZendeskAccount } from './account.ts';

/** The app asks for tokens of two minutes; whoever shows one that holds for longer has it from elsewhere. Seconds. */
const longest = 300;
/** How far the clocks may be apart. Seconds. */
const apart = 30;

const id = z
  .union([z.string(), z.number()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,20}$/));
const claims = z.object({
  exp: z.number(),
  agent: id,
  agentName: z.string().trim().max(200).default(''),
  ticket: id,
});

/**
 * The token that Zendesk's proxy makes for the app: HS256 with the secret setting, which no browser sees (Zendesk developer docs,
 * "client.request": `secure` and `jwt`). `aud` names this account, so that a token for one helpdesk is none for another that was given the
 * same secret. What stands in it the app says: an agent who is signed in at this Zendesk, whoever they say they are.
 */
export async function verifyAppCall(
  token: string,
  { id: account, appSecret }: Pick<ZendeskAccount, 'id' | 'appSecret'>,
  now: Date,
): Promise<AppCall | 'forged' | 'off'> {
  if (!appSecret) return 'off';
  const payload = await payloadOf(token, appSecret.reveal(), account, now);
  const read = claims.safeParse(payload);
  if (!read.success || read.data.exp > now.getTime() / 1_000 + longest + apart) return 'forged';
  const { agent, agentName, ticket } = read.data;
  return { agent: agent as PersonId, agentName: agentName || `agent ${agent}`, ticket: ticket as TicketId };
}

async function payloadOf(token: string, secret: string, account: string, now: Date): Promise<unknown> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      audience: `passerelle:${account}`,
      requiredClaims: ['exp'],
      currentDate: now,
      clockTolerance: apart,
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

import type { Request, Response } from 'express';
import { z } from 'zod';
import { problem } from '../../http/problem.ts';
import { isPassword, mostLetters } from '../../kit/password.ts';
import { audited } from '../../store/audit.ts';
import { emailKey, userByEmail } from '../../store/console-users.ts';
import type { Database } from '../../store/database.ts';
import type { Attempts } from './attempts.ts';
import { personOf, type Sessions } from './sessions.ts';
import { signedIn } from './signed-in.ts';

const given = z.strictObject({ email: z.string().min(1).max(254), password: z.string().min(1).max(mostLetters) });

/** The same words whether the account, the password or neither exists. */
const wrong = 'the e-mail address or the password is wrong';

export interface SignInParts {
  db: Database;
  sessions: Sessions;
  attempts: Attempts;
}

/** Signs a local user in by password. */
export const signInByPassword =
  ({ db, sessions, attempts }: SignInParts) =>
  async (request: Request, response: Response): Promise<void> => {
    const parsed = given.safeParse(request.body);
    if (!parsed.success) return problem(response, 400, 'send an e-mail address and a password');
    const { email, password } = parsed.data;
    const address = request.ip ?? '';
    const waitMs = await attempts.waitMs(email, address);
    if (waitMs > 0) return locked(response, waitMs);
    const user = await userByEmail(db, email);
    const right = await isPassword(password, user?.disabled_at ? undefined : user?.password);
    if (!right || !user) {
      if (await attempts.failed(email, address)) await noteLock(db, user?.email ?? emailKey(email), address);
      return problem(response, 401, wrong);
    }
    await attempts.succeeded(email, address);
    await sessions.begin(request, response, user, 'password');
    response.json(signedIn(personOf(user)));
  };

function locked(response: Response, waitMs: number): void {
  const seconds = Math.ceil(waitMs / 1_000);
  response.set('retry-after', String(seconds));
  problem(
    response,
    429,
    `too many wrong tries; try again in ${Math.ceil(seconds / 60)} min, or ask an admin to reset it`,
  );
}

const noteLock = (db: Database, subject: string, address: string) =>
  audited(db, { who: 'service', what: 'sign-in-locked', subject, detail: { address } });

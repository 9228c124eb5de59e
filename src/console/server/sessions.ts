import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { sha256 } from '../../kit/crypto.ts';
import { audited } from '../../store/audit.ts';
import {
  addSession,
  endOldSessions,
  endSession,
  endSessionsOf,
  type SessionLife,
  sessionSeen,
  userOfSession,
} from '../../store/console-sessions.ts';
import type { SignInWay } from '../../store/console-tables.ts';
import { type ConsoleUser, changeUser } from '../../store/console-users.ts';
import type { Database } from '../../store/database.ts';
import { cookieIn, dropCookie, setCookie } from './cookies.ts';
import type { Person } from './endpoint.ts';

const cookie = 'passerelle_console';
const hour = 3_600_000;
export const sessionLife: SessionLife = { idleMs: 8 * hour, wholeMs: 24 * hour };

/** What the browser holds, as it is known in the ledger. */
const idOf = (request: Request): Buffer | undefined => {
  const token = cookieIn(request, cookie);
  return token && token.length <= 100 ? sha256(token) : undefined;
};

export interface Sessions {
  /** Whoever is signed in, if anybody. */
  personOf(request: Request): Promise<Person | undefined>;
  /** Signs a person in; a session of before in this browser ends, so that nobody else's goes on. */
  begin(request: Request, response: Response, user: ConsoleUser, way: SignInWay): Promise<void>;
  end(request: Request, response: Response, person: Person): Promise<void>;
  /** In all browsers. */
  endAll(request: Request, response: Response, person: Person): Promise<void>;
}

export const personOf = ({ id, email, name, role }: ConsoleUser): Person => ({
  id,
  email,
  name: name ?? undefined,
  role,
});

export function makeSessions(db: Database, now: () => Date): Sessions {
  return {
    personOf: async (request) => {
      const id = idOf(request);
      const found = id && (await userOfSession(db, id, sessionLife, now()));
      if (!id || !found) return undefined;
      await sessionSeen(db, id, found.seen_at, now());
      return personOf(found);
    },
    begin: async (request, response, user, way) => {
      const token = randomBytes(32).toString('base64url');
      const before = idOf(request);
      await db.transaction().execute(async (tx) => {
        if (before) await endSession(tx, before);
        await endOldSessions(tx, sessionLife, now());
        const browser = request.get('user-agent')?.slice(0, 300);
        await addSession(tx, { id: sha256(token), user: user.id, way, address: request.ip, browser, now: now() });
        await changeUser(tx, user.id, { signed_in_at: now() });
        await audited(tx, { who: `user:${user.email}`, what: 'signed-in', subject: user.email, detail: { way } });
      });
      setCookie(request, response, cookie, token, { sameSite: 'strict', maxAge: sessionLife.wholeMs });
    },
    end: async (request, response, { email }) => {
      await db.transaction().execute(async (tx) => {
        const id = idOf(request);
        if (id) await endSession(tx, id);
        await audited(tx, { who: `user:${email}`, what: 'signed-out', subject: email });
      });
      dropCookie(request, response, cookie);
    },
    endAll: async (request, response, { id, email }) => {
      await db.transaction().execute(async (tx) => {
        const sessions = await endSessionsOf(tx, id);
        await audited(tx, {
          who: `user:${email}`,
          what: 'signed-out-everywhere',
          subject: email,
          detail: { sessions },
        });
      });
      dropCookie(request, response, cookie);
    },
  };
}

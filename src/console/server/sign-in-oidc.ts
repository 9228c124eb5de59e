import type { Request, Response, Router } from 'express';
import { audited } from '../../store/audit.ts';
import {
  addUser,
  type ConsoleUser,
  changeUser,
  userByEmail,
  userById,
  userBySubject,
} from '../../store/console-users.ts';
import type { Database, Tx } from '../../store/database.ts';
import type { Oidc, Vouched } from './oidc.ts';
import type { Sessions } from './sessions.ts';

interface OidcParts {
  db: Database;
  sessions: Sessions;
  oidc: Oidc;
}

export function mountOidc(api: Router, { db, sessions, oidc }: OidcParts): void {
  api.get('/oidc', (request, response) => oidc.start(request, response).catch(() => back(response, 'away')));
  api.get('/oidc/callback', async (request, response) => {
    const found = await oidc.finish(request, response);
    const user = typeof found === 'string' ? found : await userFor(db, found);
    if (typeof user === 'string') return back(response, user);
    await sessions.begin(request, response, user, 'oidc');
    return onward(request, response);
  });
}

const away = 'the provider does not answer; try again in a minute';

/** To the way in, which shows why. */
function back(response: Response, why: string): void {
  response.redirect(`/console/?refused=${encodeURIComponent(why === 'away' ? away : why)}`);
}

/**
 * A redirect would still count as coming from the provider's site, and the browser would not send the strict cookie along; a page
 * of our own that leads on does not.
 */
function onward(_request: Request, response: Response): void {
  response.set('content-security-policy', `default-src 'none'`);
  response
    .type('html')
    .send('<!doctype html><meta http-equiv="refresh" content="0;url=/console/"><title>Passerelle</title>');
}

/** Known by the provider's id, else by the address; else new. What they may is what the provider says, each time anew. */
function userFor(db: Database, vouched: Vouched): Promise<ConsoleUser | string> {
  return db.transaction().execute(async (tx) => {
    const known = (await userBySubject(tx, vouched.subject)) ?? (await userByEmail(tx, vouched.email));
    if (!known) return added(tx, vouched);
    if (known.disabled_at) return 'your user is disabled here; ask an admin';
    if (known.oidc_subject !== null && known.oidc_subject !== vouched.subject)
      return 'another person of the provider signs in here with this address; ask an admin';
    // Whoever was made here keeps the role they were given here.
    const role = known.source === 'oidc' ? vouched.role : known.role;
    await changeUser(tx, known.id, { oidc_subject: vouched.subject, role, name: vouched.name ?? known.name });
    if (role !== known.role)
      await audited(tx, {
        who: 'oidc',
        what: 'user-role',
        subject: known.email,
        detail: { from: known.role, to: role },
      });
    return (await userById(tx, known.id))!;
  });
}

async function added(tx: Tx, { subject, email, name, role }: Vouched): Promise<ConsoleUser | string> {
  const user = await addUser(tx, { email, role, source: 'oidc', oidc_subject: subject, ...(name && { name }) });
  if (!user) return 'somebody has just been added with this address; try again';
  await audited(tx, { who: 'oidc', what: 'user-added', subject: user.email, detail: { role } });
  return user;
}

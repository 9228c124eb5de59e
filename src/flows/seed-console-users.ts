import { hashPassword, isPassword } from '../kit/password.ts';
import type { Secret } from '../kit/secret.ts';
import { audited } from '../store/audit.ts';
import { endSessionsOf } from '../store/console-sessions.ts';
import { addUser, type ConsoleUser, changeUser, consoleUsers, emailKey } from '../store/console-users.ts';
import type { Database } from '../store/database.ts';

const who = 'configuration';

/**
 * Brings the console's users in line with `console.admins`: whoever stands there is an admin with that password, and whoever no
 * longer does cannot sign in. Users made otherwise are left alone.
 */
export async function seedConsoleUsers(
  db: Database,
  admins: readonly { email: string; password: Secret }[],
): Promise<void> {
  for (const { email, password } of admins) await seedOne(db, emailKey(email), password.reveal());
  const named = new Set(admins.map(({ email }) => emailKey(email)));
  const gone = (await consoleUsers(db)).filter(
    ({ source, email, disabled_at }) => source === 'configuration' && !disabled_at && !named.has(email),
  );
  for (const user of gone) await disable(db, user);
}

async function seedOne(db: Database, email: string, password: string): Promise<void> {
  const known = (await consoleUsers(db)).find((user) => user.email === email);
  if (!known) return add(db, email, await hashPassword(password));
  const same = await isPassword(password, known.password);
  const change = {
    ...(known.source !== 'configuration' && { source: 'configuration' as const }),
    ...(known.role !== 'admin' && { role: 'admin' as const }),
    ...(known.disabled_at && { disabled_at: null }),
    ...(!same && { password: await hashPassword(password) }),
  };
  if (Object.keys(change).length === 0) return;
  await db.transaction().execute(async (tx) => {
    await changeUser(tx, known.id, change);
    if (!same) await endSessionsOf(tx, known.id);
    const changed = Object.keys(change);
    await audited(tx, { who, what: same ? 'user-role' : 'user-password', subject: email, detail: { changed } });
  });
}

/** Another replica may have been quicker. */
const add = (db: Database, email: string, password: string): Promise<void> =>
  db.transaction().execute(async (tx) => {
    const added = await addUser(tx, { email, role: 'admin', source: 'configuration', password });
    if (added) await audited(tx, { who, what: 'user-added', subject: email, detail: { role: 'admin' } });
  });

const disable = (db: Database, { id, email }: ConsoleUser): Promise<void> =>
  db.transaction().execute(async (tx) => {
    await changeUser(tx, id, { disabled_at: new Date() });
    await endSessionsOf(tx, id);
    await audited(tx, { who, what: 'user-disabled', subject: email });
  });

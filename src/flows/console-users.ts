import type { Role } from '../domain/console-role.ts';
import { hashPassword } from '../kit/password.ts';
import { audited } from '../store/audit.ts';
import { endSessionsOf } from '../store/console-sessions.ts';
import { addUser, type ConsoleUser, changeUser, userByEmail } from '../store/console-users.ts';
import type { Database } from '../store/database.ts';
import { forgetTries } from '../store/sign-in-tries.ts';

/** Why something could not be done, in words for whoever asked. */
export type Done = 'done' | { cannot: string };

const nobody = (email: string): Done => ({ cannot: `There is no user ${email}.` });

export async function addConsoleUser(
  db: Database,
  { email, name, role, password, who }: { email: string; name?: string; role: Role; password: string; who: string },
): Promise<Done> {
  const hash = await hashPassword(password);
  return db.transaction().execute(async (tx) => {
    const added = await addUser(tx, {
      ...{ email, role, source: 'command-line', password: hash },
      ...(name !== undefined && { name }),
    });
    if (!added) return { cannot: `There is a user ${email} already; reset their password, or change their role.` };
    await audited(tx, { who, what: 'user-added', subject: added.email, detail: { role } });
    return 'done';
  });
}

/** A new password; whoever is signed in with the old one no longer is, and a lock after wrong tries is lifted. */
export async function resetPassword(db: Database, email: string, password: string, who: string): Promise<Done> {
  const user = await userByEmail(db, email);
  if (!user) return nobody(email);
  if (user.source === 'configuration') return standsInConfiguration(user, 'password');
  const hash = await hashPassword(password);
  await db.transaction().execute(async (tx) => {
    await changeUser(tx, user.id, { password: hash });
    await endSessionsOf(tx, user.id);
    await audited(tx, { who, what: 'user-password', subject: user.email });
  });
  await forgetTries(db, user.email);
  return 'done';
}

/** Lets somebody try again who is locked out. */
export async function unlockUser(db: Database, email: string, who: string): Promise<Done> {
  const user = await userByEmail(db, email);
  if (!user) return nobody(email);
  await forgetTries(db, user.email);
  await audited(db, { who, what: 'user-unlocked', subject: user.email });
  return 'done';
}

export async function changeRole(db: Database, email: string, role: Role, who: string): Promise<Done> {
  const user = await userByEmail(db, email);
  if (!user) return nobody(email);
  if (user.source === 'configuration') return standsInConfiguration(user, 'role (admin)');
  await db.transaction().execute(async (tx) => {
    await changeUser(tx, user.id, { role });
    await audited(tx, { who, what: 'user-role', subject: user.email, detail: { from: user.role, to: role } });
  });
  return 'done';
}

/** Nobody who is disabled can sign in, or goes on being signed in. */
export async function setDisabled(db: Database, email: string, disabled: boolean, who: string): Promise<Done> {
  const user = await userByEmail(db, email);
  if (!user) return nobody(email);
  if (user.source === 'configuration') return standsInConfiguration(user, 'place there');
  await db.transaction().execute(async (tx) => {
    await changeUser(tx, user.id, { disabled_at: disabled ? new Date() : null });
    if (disabled) await endSessionsOf(tx, user.id);
    await audited(tx, { who, what: disabled ? 'user-disabled' : 'user-enabled', subject: user.email });
  });
  return 'done';
}

const standsInConfiguration = ({ email }: ConsoleUser, what: string): Done => ({
  cannot: `${email} stands in the configuration (console.admins): change their ${what} there and start the service again.`,
});

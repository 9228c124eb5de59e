import { z } from 'zod';
import { hours } from '../../domain/duration.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Clock } from '../../kit/clock.ts';
import { type Connection, query } from '../../salesforce/connection.ts';
import { soqlText } from '../../salesforce/soql.ts';
import type { Comment } from '../helpdesk.ts';

/** Who the users that write on Cases are. */
export interface Authors {
  /** The user this service works as. */
  own(): Promise<Outcome<string>>;
  /** Of each of these users, what their comments are. */
  tell(users: readonly string[]): Promise<Outcome<(user: string) => Comment['by']>>;
}

const userRow = z.object({ Id: z.string(), UserType: z.string().nullish() });

/**
 * Users of the company itself have the type Standard; whoever has another (customers and partners of a portal, guests,
 * automations) is taken for a customer, so that nothing of theirs is sent out (object reference, User.UserType).
 */
export function makeAuthors(connection: Connection, clock: Clock): Authors {
  const staff = new Map<string, { is: boolean; until: number }>();
  const now = () => clock.now().getTime();

  const own = async (): Promise<Outcome<string>> => {
    const token = await connection.logIn();
    if (token.result !== 'done') return token;
    const { userId } = token.value;
    // Without it our own comments could come back to the customer.
    return userId
      ? done(userId)
      : { result: 'account-broken', why: 'Salesforce’s login does not tell which user it is' };
  };

  const learn = async (users: readonly string[]): Promise<Outcome<void>> => {
    const unknown = [...new Set(users)].filter((id) => (staff.get(id)?.until ?? 0) < now());
    const ids = unknown.flatMap((id) => soqlText(id) ?? []);
    if (ids.length === 0) return done(undefined);
    if (staff.size > 5_000) staff.clear();
    const rows = await query(connection, `SELECT Id, UserType FROM User WHERE Id IN (${ids.join(', ')})`, userRow);
    if (rows.result !== 'done') return rows;
    for (const id of unknown) {
      const user = rows.value.find((row) => row.Id === id);
      staff.set(id, { is: user?.UserType === 'Standard', until: now() + hours(1) });
    }
    return done(undefined);
  };

  return {
    own,
    tell: async (users) => {
      const me = await own();
      if (me.result !== 'done') return me;
      const learned = await learn(users.filter((id) => id !== me.value));
      if (learned.result !== 'done') return learned;
      return done((user) => (user === me.value ? 'service' : staff.get(user)?.is ? 'agent' : 'customer'));
    },
  };
}

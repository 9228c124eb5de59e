import { sql } from 'kysely';
import type { Database } from './database.ts';

/** How many processes of the service work on this database now: those with connections whose name begins with `name`. */
export async function countReplicas(db: Database, name: string): Promise<number> {
  const { rows } = await sql<{ replicas: number }>`
    select count(distinct application_name)::int as replicas from pg_stat_activity
    where datname = current_database() and starts_with(application_name, ${name})`.execute(db);
  return rows[0]!.replicas;
}

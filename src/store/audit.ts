import type { AgentAppAct } from './agent-app-acts.ts';
import type { CampaignAct } from './campaign-acts.ts';
import type { ConsoleAct } from './console-acts.ts';
import type { Queryable } from './database.ts';
import type { ActKind } from './link-acts.ts';

/** Who did what to what. `detail` never holds a customer's words or a secret. */
export interface AuditEntry {
  /** `cli:{user of the machine}`, `key:{name of the API key}` `user:{e-mail address}` of the console, `agent:{helpdesk}:{their id there}` of its app, or `platform:{kind of channel}`. */
  who: string;
  what:
    | ('replay' | 'discard' | 'redact' | 'erase' | 'export')
    | ('key-created' | 'key-revoked')
    | ('mapping-applied' | 'mapping-rolled-back')
    | 'access-removed'
    | CampaignAct
    | ConsoleAct
    | AgentAppAct
    | `link-${ActKind}`;
  /** A parked id, a conversation, a range, a key's name. */
  subject: string;
  detail?: Record<string, unknown>;
}

export async function audited(db: Queryable, { who, what, subject, detail = {} }: AuditEntry): Promise<void> {
  await db
    .insertInto('audit')
    .values({ who, what, subject, detail: JSON.stringify(detail) })
    .execute();
}

/** The latest entries, newest first. */
export const auditEntries = (db: Queryable, limit: number) =>
  db
    .selectFrom('audit')
    .select(['id', 'at', 'who', 'what', 'subject', 'detail'])
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();

export interface AuditFilter {
  who?: string;
  what?: string;

  subject?: string;
  since?: Date;
  until?: Date;
  /** Only entries with a smaller id. */
  before?: number;
}

/** Newest first. */
export function auditPage(db: Queryable, filter: AuditFilter, limit: number) {
  const { who, what, subject, since, until, before } = filter;
  return db
    .selectFrom('audit')
    .select(['id', 'at', 'who', 'what', 'subject', 'detail'])
    .$if(who !== undefined, (query) => query.where('who', '=', who!))
    .$if(what !== undefined, (query) => query.where('what', '=', what as AuditEntry['what']))
    .$if(subject !== undefined, (query) => query.where('subject', '=', subject!))
    .$if(since !== undefined, (query) => query.where('at', '>=', since!))
    .$if(until !== undefined, (query) => query.where('at', '<', until!))
    .$if(before !== undefined, (query) => query.where('id', '<', before!))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Who did what among the latest thousand entries: what one can look for. */
export async function auditChoices(db: Queryable): Promise<{ who: string[]; what: string[] }> {
  const latest = await db.selectFrom('audit').select(['who', 'what']).orderBy('id', 'desc').limit(1_000).execute();
  const distinct = (values: string[]) => [...new Set(values)].sort();
  return { who: distinct(latest.map(({ who }) => who)), what: distinct(latest.map(({ what }) => what)) };
}

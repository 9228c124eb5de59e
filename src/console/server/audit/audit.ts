import { z } from 'zod';
import { type AuditFilter, auditChoices, auditPage } from '../../../store/audit.ts';
import type { AuditLine } from '../../wire/audit.ts';
import { oneMore, pageOf, readCursor } from '../cursor.ts';
import { type Answer, type Endpoint, endpoint, fine } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

const limit = 50;

const filter = z.object({
  who: z.string().max(300).optional(),
  what: z.string().max(60).optional(),
  subject: z.string().max(300).optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  cursor: z.string().max(200).optional(),
});

export function auditEndpoints({ db }: Pick<ConsoleParts, 'db'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/audit',
      may: 'audit.read',
      query: filter,
      handle: async ({ query }): Promise<Answer> => {
        const place = query.cursor === undefined ? [] : readCursor(query.cursor, 1);
        if (!place) return { status: 400, detail: 'query.cursor: none of ours' };
        const rows = await auditPage(db, wanted(query, place[0]), oneMore(limit));
        return fine(pageOf(rows, limit, lineOf, ({ id }) => [id]));
      },
    }),
    endpoint({
      method: 'get',
      path: '/audit/choices',
      may: 'audit.read',
      handle: async () => fine(await auditChoices(db)),
    }),
  ];
}

const wanted = ({ who, what, subject, since, until }: z.infer<typeof filter>, before: unknown): AuditFilter => ({
  ...(who !== undefined && { who }),
  ...(what !== undefined && { what }),
  ...(subject !== undefined && { subject }),
  ...(since !== undefined && { since: new Date(since) }),
  ...(until !== undefined && { until: new Date(until) }),
  ...(typeof before === 'number' && { before }),
});

const lineOf = ({ at, ...rest }: Awaited<ReturnType<typeof auditPage>>[number]): AuditLine => ({
  ...rest,
  at: at.toISOString(),
});

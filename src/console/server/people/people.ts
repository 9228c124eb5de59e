import { z } from 'zod';
import { mayRole } from '../../../domain/console-role.ts';
import { type FoundCustomer, findPeople, searched } from '../../../store/search-customers.ts';
import type { PersonLine } from '../../wire/people.ts';
import { noCursor, tooMuch } from '../conversations/list.ts';
import { oneMore, pageOf, readCursor } from '../cursor.ts';
import { type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { actEndpoints } from './acts.ts';
import { personView } from './person-view.ts';
import { privacyEndpoints } from './privacy.ts';

const limit = 25;
const params = z.object({ id: z.coerce.number().int().positive().max(1e15) });

export const peopleEndpoints = (parts: ConsoleParts): Endpoint[] => [
  ...readingEndpoints(parts),
  ...actEndpoints(parts),
  ...privacyEndpoints(parts),
];

const readingEndpoints = ({ db, mapping: places }: ConsoleParts): Endpoint[] => [
  endpoint({
    method: 'get',
    path: '/people',
    may: 'people.read',
    query: z.object({ q: z.string().trim().max(200).default(''), cursor: z.string().max(200).optional() }),
    handle: async ({ query: { q, cursor } }) => {
      const [before] = cursor === undefined ? [undefined] : (readCursor(cursor, 1) ?? ['none']);
      if (typeof before === 'string') return noCursor;
      const rows = await searched(db, (tx) => findPeople(tx, q, oneMore(limit), before));
      return rows ? fine(pageOf(rows, limit, lineOf, ({ id }) => [id])) : tooMuch;
    },
  }),
  endpoint({
    method: 'get',
    path: '/people/:id',
    may: 'people.read',
    params,
    handle: async ({ params: { id }, person }) => {
      const found = await personView(db, places, id, mayRole(person.role, 'text.read'));
      return found ? fine(found) : missing('customer');
    },
  }),
];

const lineOf = ({ id, name, email, phone, created_at, accounts, orders, questions }: FoundCustomer): PersonLine => ({
  ...{ id, name, email, phone, accounts, orders, questions, since: created_at.toISOString() },
});

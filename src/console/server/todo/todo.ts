import { z } from 'zod';
import { mayRole } from '../../../domain/console-role.ts';
import { describeParked } from '../../../flows/describe-parked.ts';
import { discardParked } from '../../../flows/discard-parked.ts';
import { replay } from '../../../flows/replay.ts';
import { audited } from '../../../store/audit.ts';
import { listParked } from '../../../store/parked.ts';
import { placeFrom, placeText } from '../../../store/parked-place.ts';
import { listQuestions } from '../../../store/questions.ts';
import { probeAtOnce, waitingTargets } from '../../../store/target-states.ts';
import type { Page } from '../../wire/page.ts';
import type { ParkedLine } from '../../wire/todo.ts';
import { noCursor } from '../conversations/list.ts';
import { oneMore, pageOf, readCursor } from '../cursor.ts';
import { type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { questionViews } from '../people/question-view.ts';
import { rulesEnding, todoCounts } from './counts.ts';
import { helpdesksOf, parkedLine, parkedView } from './parked-view.ts';

const limit = 25;
const cursor = z.string().max(300).optional();
const parkedId = z.object({ id: z.string().max(120) });
const notParked = { status: 404, detail: 'this is not parked any more; somebody may have dealt with it' } as const;

export const todoEndpoints = (parts: ConsoleParts): Endpoint[] => [
  ...overviewEndpoints(parts),
  ...parkedEndpoints(parts),
];

const overviewEndpoints = ({ db, mapping: places, policy }: ConsoleParts): Endpoint[] => {
  const used = new Set([...places.channels.values()].map(({ channel }) => channel.kind));
  return [
    endpoint({
      method: 'get',
      path: '/todo',
      may: 'todo.read',
      handle: async ({ now }) => fine(await todoCounts(db, rulesEnding(policy, used, now))),
    }),
    endpoint({
      method: 'get',
      path: '/todo/rules',
      may: 'todo.read',
      handle: async ({ now }) => fine(rulesEnding(policy, used, now)),
    }),
    endpoint({
      method: 'get',
      path: '/todo/targets',
      may: 'todo.read',
      handle: async () => {
        const waiting = await waitingTargets(db);
        const iso = ({ since, probeAt }: { since: Date; probeAt: Date }) => ({
          since: since.toISOString(),
          probeAt: probeAt.toISOString(),
        });
        return fine(waiting.map((each) => ({ ...each, ...iso(each) })));
      },
    }),
    endpoint({
      method: 'post',
      path: '/todo/targets/try',
      may: 'todo.write',
      body: z.strictObject({ target: z.string().max(200) }),
      handle: async ({ body: { target }, who, now }) =>
        db.transaction().execute(async (tx) => {
          if (!(await probeAtOnce(tx, target, now))) return missing('paused target');
          await audited(tx, { who, what: 'target-tried', subject: target });
          return fine({ target });
        }),
    }),
    endpoint({
      method: 'get',
      path: '/todo/questions',
      may: 'todo.read',
      query: z.object({ cursor }),
      handle: async ({ query }) => {
        const [after] = query.cursor === undefined ? [0] : (readCursor(query.cursor, 1) ?? ['none']);
        if (typeof after !== 'number') return noCursor;
        const rows = await questionViews(db, await listQuestions(db, {}, oneMore(limit), after));
        return fine(
          pageOf(
            rows,
            limit,
            (row) => row,
            ({ id }) => [id],
          ),
        );
      },
    }),
  ];
};

const parkedEndpoints = ({ db, mapping: places, operations }: ConsoleParts): Endpoint[] => [
  endpoint({
    method: 'get',
    path: '/todo/parked',
    may: 'todo.read',
    query: z.object({ cursor, target: z.string().max(200).optional(), account: z.string().max(80).optional() }),
    handle: async ({ query }) => {
      const after = query.cursor === undefined ? undefined : placeFrom(query.cursor);
      if (query.cursor !== undefined && !after) return noCursor;
      const { items, next } = await listParked(db, query, limit, after);
      const helpdesks = await helpdesksOf(db, items);
      const page: Page<ParkedLine> = {
        items: items.map((item) => parkedLine(places, helpdesks, item)),
        next: next ? placeText(next) : null,
      };
      return fine(page);
    },
  }),
  endpoint({
    method: 'get',
    path: '/todo/parked/:id',
    may: 'todo.read',
    params: parkedId,
    handle: async ({ params: { id }, person }) => {
      const found = await describeParked(db, id, mayRole(person.role, 'text.read'));
      if (!found) return notParked;
      return fine(parkedView(parkedLine(places, await helpdesksOf(db, [found]), found), found));
    },
  }),
  endpoint({
    method: 'post',
    path: '/todo/parked/:id/replay',
    may: 'todo.write',
    params: parkedId,
    body: z.strictObject({ resendUnsure: z.boolean().default(false) }),
    handle: async ({ params: { id }, body, who }) => {
      const report = await replay(operations, { what: { parked: id }, ...body, dryRun: false, who });
      return report ? fine(report) : notParked;
    },
  }),
  endpoint({
    method: 'post',
    path: '/todo/parked/:id/discard',
    may: 'todo.write',
    params: parkedId,
    body: z.strictObject({ why: z.string().trim().min(1, 'say why').max(500) }),
    handle: async ({ params: { id }, body: { why }, who, now }) =>
      (await discardParked(operations, { id, who, why, now })) ? fine({ discarded: true }) : notParked,
  }),
];

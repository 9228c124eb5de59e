import { z } from 'zod';
import { applyMapping, rollBackMapping } from '../../../flows/change-mapping.ts';
import { checkMapping } from '../../../flows/check-mapping.ts';
import { type MappingDesk, mappingDiff } from '../../../flows/mapping-desk.ts';
import { draftOrInForce, previewLines, previewMapping } from '../../../flows/preview-mapping.ts';
import {
  type MappingVersion,
  mappingInForce,
  mappingVersion,
  mappingVersions,
} from '../../../store/mapping-versions.ts';
import type { JsonSchema, MappingNow, MappingPreview, VersionLine } from '../../wire/mapping.ts';
import { noCursor } from '../conversations/list.ts';
import { oneMore, pageOf, readCursor } from '../cursor.ts';
import { type Answer, type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

const limit = 20;
/** What mistakes call the text that is being written. */
const file = 'draft';
const text = z.string().max(500_000);
const number = z.coerce.number().int().positive().max(1e9);

export const mappingEndpoints = (parts: ConsoleParts): Endpoint[] => [
  ...readingEndpoints(parts),
  ...writingEndpoints(parts),
];

const readingEndpoints = ({ db, mapping: desk, mappingSchema: schema }: ConsoleParts): Endpoint[] => [
  endpoint({
    method: 'get',
    path: '/mapping',
    may: 'mapping.read',
    handle: async () => {
      const version = await mappingInForce(db);
      const kept = version === undefined ? undefined : await mappingVersion(db, version);
      const now: MappingNow = {
        version: version ?? null,
        text: kept?.text ?? desk.reader.text,
        schema: schema as JsonSchema,
      };
      return fine(now);
    },
  }),
  endpoint({
    method: 'get',
    path: '/mapping/versions',
    may: 'mapping.read',
    query: z.object({ cursor: z.string().max(200).optional() }),
    handle: async ({ query: { cursor } }) => {
      const [before] = cursor === undefined ? [undefined] : (readCursor(cursor, 1) ?? ['none']);
      if (typeof before === 'string') return noCursor;
      const rows = await mappingVersions(db, oneMore(limit), before);
      return fine(pageOf(rows, limit, versionLine, (row) => [row.number]));
    },
  }),
  endpoint({
    method: 'get',
    path: '/mapping/versions/:number',
    may: 'mapping.read',
    params: z.object({ number }),
    handle: async ({ params }) => {
      const version = await mappingVersion(db, params.number);
      return version ? fine({ ...versionLine(version), text: version.text }) : missing('version');
    },
  }),
  endpoint({
    method: 'get',
    path: '/mapping/diff',
    may: 'mapping.read',
    query: z.object({ from: number, to: number }),
    handle: async ({ query: { from, to } }) => {
      const diff = await mappingDiff(db, from, to);
      return diff === undefined ? missing('version') : fine({ diff });
    },
  }),
  endpoint({
    method: 'post',
    path: '/mapping/check',
    may: 'mapping.read',
    body: z.strictObject({ text, live: z.boolean().default(false) }),
    handle: async ({ body }) => fine(await checkMapping(desk, { ...body, file })),
  }),
  endpoint({
    method: 'post',
    path: '/mapping/preview',
    // Texts of the mapping may quote the customer.
    may: 'text.read',
    body: z.strictObject({ text, conversation: number }),
    handle: async ({ body }) => previewOf(desk, body),
  }),
];

async function previewOf(desk: MappingDesk, draft: { text: string; conversation: number }): Promise<Answer> {
  const read = await draftOrInForce(desk, { text: draft.text, file });
  if (!read.ok) return fine({ mistakes: read.mistakes, tickets: [] } satisfies MappingPreview);
  const preview = await previewMapping(desk, read.mapping, draft.conversation);
  if (!preview) return { status: 404, detail: 'there is no such conversation, or its account is no longer configured' };
  const tickets = preview.tickets.map((each) => ({
    ...{ ticket: each.ticket, version: each.version, at: each.at.toISOString() },
    lines: previewLines(each),
  }));
  return fine({ mistakes: [], tickets } satisfies MappingPreview);
}

const writingEndpoints = ({ db, mapping: desk }: ConsoleParts): Endpoint[] => [
  endpoint({
    method: 'post',
    path: '/mapping/versions',
    may: 'mapping.write',
    body: z.strictObject({
      text,
      comment: z.string().trim().max(500).optional(),
      /** The version in force that the text was made from. */
      after: number,
    }),
    handle: async ({ body: { comment, ...body }, who }) =>
      fine(await applyMapping(db, desk.reader, { ...body, ...(comment ? { comment } : {}), who, file })),
  }),
  endpoint({
    method: 'post',
    path: '/mapping/rollback',
    may: 'mapping.write',
    body: z.strictObject({ to: number }),
    handle: async ({ body: { to }, who }) => {
      const done = await rollBackMapping(db, desk.reader, { to, who });
      return done.result === 'no-such-version' ? missing('version') : fine(done);
    },
  }),
];

const versionLine = ({ number: n, source, who, at, comment, state }: MappingVersion): VersionLine => ({
  ...{ number: n, source, who, at: at.toISOString(), comment: comment ?? null, inForce: state === 'in-force' },
});

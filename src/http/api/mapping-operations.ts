import { z } from 'zod';
import { applyMapping, rollBackMapping } from '../../flows/change-mapping.ts';
import { checkMapping } from '../../flows/check-mapping.ts';
import { type MappingDesk, mappingDiff } from '../../flows/mapping-desk.ts';
import { draftOrInForce, previewMapping } from '../../flows/preview-mapping.ts';
import { mappingVersion, mappingVersions } from '../../store/mapping-versions.ts';
import {
  appliedAnswer,
  applyBody,
  checkAnswer,
  checkBody,
  diffAnswer,
  diffQuery,
  previewAnswer,
  previewBody,
  rollbackBody,
  versionAnswer,
  versionParams,
  versionsAnswer,
  versionsQuery,
} from './mapping-schemas.ts';
import { type Operation, operation } from './operation.ts';

const none = z.object({});
const noVersion = { status: 404, detail: 'there is no such version' } as const;

/** The mapping by the API: the same as on the command line. */
export const mappingOperations = (desk: MappingDesk): Operation[] => [
  operation({
    method: 'get',
    path: '/v1/mapping/versions',
    id: 'listMappingVersions',
    summary: 'The versions of the mapping',
    description: 'The latest first.',
    scope: 'mapping:read',
    params: none,
    query: versionsQuery,
    body: undefined,
    answer: versionsAnswer,
    handle: async ({ query }) => ({ status: 200, body: { items: await mappingVersions(desk.db, query.limit) } }),
  }),
  operation({
    method: 'get',
    path: '/v1/mapping/versions/{number}',
    id: 'showMappingVersion',
    summary: 'One version of the mapping',
    description: 'As it was written.',
    scope: 'mapping:read',
    params: versionParams,
    query: none,
    body: undefined,
    answer: versionAnswer,
    handle: async ({ params }) => {
      const version = await mappingVersion(desk.db, params.number);
      return version ? { status: 200, body: version } : noVersion;
    },
  }),
  operation({
    method: 'get',
    path: '/v1/mapping/diff',
    id: 'compareMappingVersions',
    summary: 'How one version differs from another',
    description: 'Line by line.',
    scope: 'mapping:read',
    params: none,
    query: diffQuery,
    body: undefined,
    answer: diffAnswer,
    handle: async ({ query }) => {
      const diff = await mappingDiff(desk.db, query.from, query.to);
      return diff === undefined ? noVersion : { status: 200, body: { diff } };
    },
  }),
  operation({
    method: 'post',
    path: '/v1/mapping/versions',
    id: 'applyMapping',
    summary: 'Put a mapping in force',
    description: 'On all replicas, for what is said from then on. One with mistakes changes nothing.',
    scope: 'mapping:write',
    params: none,
    query: none,
    body: applyBody,
    answer: appliedAnswer,
    handle: async ({ body, who }) => ({
      status: 200,
      body: await applyMapping(desk.db, desk.reader, { ...body, who, file: draftName }),
    }),
  }),
  operation({
    method: 'post',
    path: '/v1/mapping/rollback',
    id: 'rollBackMapping',
    summary: 'Put an earlier version in force again',
    description: 'As a version of its own.',
    scope: 'mapping:write',
    params: none,
    query: none,
    body: rollbackBody,
    answer: appliedAnswer,
    handle: async ({ body, who }) => {
      const rolledBack = await rollBackMapping(desk.db, desk.reader, { ...body, who });
      return rolledBack.result === 'no-such-version' ? noVersion : { status: 200, body: rolledBack };
    },
  }),
  operation({
    method: 'post',
    path: '/v1/mapping/check',
    id: 'checkMapping',
    summary: 'Tell every mistake in a mapping',
    description: 'With line and column. Changes nothing.',
    scope: 'mapping:read',
    params: none,
    query: none,
    body: checkBody,
    answer: checkAnswer,
    handle: async ({ body }) => ({ status: 200, body: await checkMapping(desk, { ...body, file: draftName }) }),
  }),
  operation({
    method: 'post',
    path: '/v1/mapping/preview',
    id: 'previewMapping',
    summary: 'What a mapping would have made of a past conversation',
    description: 'Beside what was. Writes nothing. Needs the scope `text:read` as well: texts may quote the customer.',
    scope: 'mapping:read',
    params: none,
    query: none,
    body: previewBody,
    answer: previewAnswer,
    handle: async ({ body, caller }) => {
      if (!caller.scopes.includes('text:read'))
        return { status: 403, detail: 'this key needs the scope text:read as well' };
      const read = await draftOrInForce(
        desk,
        body.text === undefined ? undefined : { text: body.text, file: draftName },
      );
      if (!read.ok) return { status: 200, body: { ok: false, mistakes: read.mistakes, tickets: [] } };
      const preview = await previewMapping(desk, read.mapping, body.conversation);
      if (!preview)
        return { status: 404, detail: 'there is no such conversation, or its account is no longer configured' };
      return { status: 200, body: { ok: true, mistakes: [], tickets: preview.tickets } };
    },
  }),
];

/** What mistakes call a text that came by the API. */
const draftName = 'draft';

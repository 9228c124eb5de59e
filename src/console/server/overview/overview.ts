import { z } from 'zod';
import { ranges } from '../../wire/overview.ts';
import { type Endpoint, endpoint, fine } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { figuresOf } from './figures.ts';
import { overviewOf } from './now.ts';

export function overviewEndpoints({ db }: Pick<ConsoleParts, 'db'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/overview',
      may: 'overview.read',
      handle: async ({ now }) => fine(await overviewOf(db, now)),
    }),
    endpoint({
      method: 'get',
      path: '/overview/figures',
      may: 'overview.read',
      query: z.object({
        range: z.enum(ranges).default('24h'),
        /** Of the browser's time zone from UTC, in minutes: days begin at its midnight. */
        offset: z.coerce.number().int().min(-900).max(900).default(0),
      }),
      handle: async ({ query, now }) => fine(await figuresOf(db, query.range, query.offset, now)),
    }),
  ];
}

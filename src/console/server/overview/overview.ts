import { type Endpoint, endpoint, fine } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

export function overviewEndpoints(_parts: Pick<ConsoleParts, 'db'>): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/overview',
      may: 'overview.read',
      handle: async ({ now }) => fine({ at: now.toISOString() }),
    }),
  ];
}

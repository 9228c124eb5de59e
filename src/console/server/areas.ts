import type { Endpoint } from './endpoint.ts';
import { overviewEndpoints } from './overview/overview.ts';
import type { ConsoleParts } from './parts.ts';

/** What the pages may ask, by area: one line each. The pages themselves are in `app/areas.ts`. */
export const areas: readonly ((parts: ConsoleParts) => readonly Endpoint[])[] = [overviewEndpoints];

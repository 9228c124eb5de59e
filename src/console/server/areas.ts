import { accountEndpoints } from './accounts/accounts.ts';
import { auditEndpoints } from './audit/audit.ts';
import type { Endpoint } from './endpoint.ts';
import { keyEndpoints } from './keys/keys.ts';
import { overviewEndpoints } from './overview/overview.ts';
import type { ConsoleParts } from './parts.ts';
import { settingsEndpoints } from './settings/settings.ts';

/** What the pages may ask, by area: one line each. The pages themselves are in `app/areas.ts`. */
export const areas: readonly ((parts: ConsoleParts) => readonly Endpoint[])[] = [
  overviewEndpoints,
  accountEndpoints,
  keyEndpoints,
  auditEndpoints,
  settingsEndpoints,
];

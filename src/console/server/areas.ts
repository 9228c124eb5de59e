import { accountEndpoints } from './accounts/accounts.ts';
import { auditEndpoints } from './audit/audit.ts';
import { campaignEndpoints } from './campaigns/campaigns.ts';
import { conversationEndpoints } from './conversations/conversations.ts';
import type { Endpoint } from './endpoint.ts';
import { keyEndpoints } from './keys/keys.ts';
import { mappingEndpoints } from './mapping/mapping.ts';
import { noticeEndpoints } from './notices/notices.ts';
import { overviewEndpoints } from './overview/overview.ts';
import type { ConsoleParts } from './parts.ts';
import { peopleEndpoints } from './people/people.ts';
import { settingsEndpoints } from './settings/settings.ts';
import { todoEndpoints } from './todo/todo.ts';

/** What the pages may ask, by area: one line each. The pages themselves are in `app/areas.ts`. */
export const areas: readonly ((parts: ConsoleParts) => readonly Endpoint[])[] = [
  overviewEndpoints,
  conversationEndpoints,
  peopleEndpoints,
  todoEndpoints,
  noticeEndpoints,
  campaignEndpoints,
  mappingEndpoints,
  accountEndpoints,
  keyEndpoints,
  auditEndpoints,
  settingsEndpoints,
];

import { accounts } from './areas/accounts/area.ts';
import { audit } from './areas/audit/area.ts';
import { campaigns } from './areas/campaigns/area.ts';
import { conversations } from './areas/conversations/area.ts';
import { keys } from './areas/keys/area.ts';
import { mapping } from './areas/mapping/area.ts';
import { notices } from './areas/notices/area.ts';
import { overview } from './areas/overview/area.ts';
import { people } from './areas/people/area.ts';
import { settings } from './areas/settings/area.ts';
import { todo } from './areas/todo/area.ts';
import type { Area } from './shell/area.ts';

/** The areas of the console, in the order of the navigation: one line each. What they ask is in `server/areas.ts`. */
export const areas: readonly Area[] = [
  overview,
  todo,
  conversations,
  people,
  notices,
  campaigns,
  mapping,
  accounts,
  keys,
  audit,
  settings,
];

import type { ComponentType } from 'react';
import type { Permission } from '../../../domain/console-role.ts';
import type { IconName } from '../parts/icon.tsx';
import type { Language, Text } from '../words/catalogue.ts';

/** A page, loaded when it is first shown. It is the default export of its file. */
export type LoadPage = () => Promise<{ default: ComponentType }>;

/** A part of the console with its own entry in the navigation. */
export interface Area {
  /** Where it is, such as `/people`. */
  path: string;
  title: Readonly<Record<Language, Text>>;
  icon: IconName;
  /** Who lacks it does not see the area. */
  may: Permission;
  /** By the path below the area's own: `/` for the area itself, `/$id` for one thing in it. */
  pages: Readonly<Record<string, LoadPage>>;
  /** Shown at the entry, such as how many wait for a person; 0 shows nothing. */
  useBadge?: () => number;
}

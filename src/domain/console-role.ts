/** What people may be in the console, from the one who may least. */
export const roles = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof roles)[number];

const viewer = [
  'overview.read',
  'conversations.read',
  'people.read',
  'todo.read',
  'mapping.read',
  'accounts.read',
  'notices.read',
  'settings.read',
] as const;

const operator = [
  ...viewer,
  // The words of customers and agents, in threads and in search.
  'text.read',
  'todo.write',
  'people.write',
  'accounts.test',
  'notices.write',
  'audit.read',
] as const;

const admin = [
  ...operator,
  // Webhooks as they came, with everything in them.
  'raw.read',
  'people.export',
  'people.erase',
  'mapping.write',
  'accounts.fix',
  'campaigns.write',
  'keys.read',
  'keys.write',
  'users.read',
] as const;

export type Permission = (typeof admin)[number];

/** Who may do what: the one table that the pages and the server go by. */
export const permissions: Readonly<Record<Role, readonly Permission[]>> = { viewer, operator, admin };

export const mayRole = (role: Role, permission: Permission): boolean => permissions[role].includes(permission);

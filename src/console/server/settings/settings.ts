import { mayRole } from '../../../domain/console-role.ts';
import { sessionCounts } from '../../../store/console-sessions.ts';
import { consoleUsers } from '../../../store/console-users.ts';
import type { SettingsShown, UserLine } from '../../wire/settings.ts';
import { type Endpoint, endpoint, fine } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

export function settingsEndpoints({ db, settings }: Pick<ConsoleParts, 'db' | 'settings'>): Endpoint[] {
  const users = async (): Promise<UserLine[]> => {
    const sessions = await sessionCounts(db);
    return (await consoleUsers(db)).map(({ id, email, name, role, source, disabled_at, signed_in_at }) => ({
      ...{ email, name, role, source, disabled: disabled_at !== null },
      signedInAt: signed_in_at?.toISOString() ?? null,
      sessions: sessions.get(id) ?? 0,
    }));
  };
  return [
    endpoint({
      method: 'get',
      path: '/settings',
      may: 'settings.read',
      handle: async ({ person }) => {
        const mayUsers = mayRole(person.role, 'users.read');
        return fine({ groups: [...settings], users: mayUsers ? await users() : [] } satisfies SettingsShown);
      },
    }),
  ];
}

import { permissions } from '../../domain/console-role.ts';
import type { SignedIn } from '../wire/session.ts';
import type { Person } from './endpoint.ts';

/** What the pages are told of whoever is signed in. */
export const signedIn = ({ email, name, role }: Person): SignedIn => ({
  email,
  name: name ?? null,
  role,
  may: [...permissions[role]],
});

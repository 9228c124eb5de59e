import type { Permission, Role } from '../../domain/console-role.ts';

/** Whoever is signed in, as the pages know it. */
export interface SignedIn {
  email: string;
  name: string | null;
  role: Role;
  may: Permission[];
}

/** How one can sign in here. */
export interface SignInWays {
  password: boolean;
  /** What the button for the company's own sign-in says; null: there is none. */
  oidc: string | null;
}

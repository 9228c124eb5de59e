import type { Trouble } from '../../../domain/outcome.ts';
import { Secret } from '../../../kit/secret.ts';
import type { SharedTokens } from '../../../kit/shared-tokens.ts';
import type { HelpdeskConnection } from '../../called.ts';
import { ZendeskFailure } from '../failure.ts';
import type { Authorization } from '../token.ts';

/** The integration account an administrator made in Zendesk; one for each helpdesk, shared by all replicas. */
export interface Connection {
  /** Throws a ZendeskFailure while there is none. `refused` is a token that is no longer taken. */
  current(refused?: string): Promise<HelpdeskConnection>;
  keep(connection: HelpdeskConnection): Promise<void>;
  auth: Authorization;
}

/** It holds until somebody makes another one: a hundred years. */
const holdsMs = 100 * 365 * 86_400_000;

const notThere: Trouble = {
  result: 'account-broken',
  why: 'no integration account is set up in Zendesk, or its token is no longer taken: add the account in Admin Center, Apps and integrations, Channel apps',
};

export function makeConnection(tokens: SharedTokens, accountId: string): Connection {
  const key = `zendesk-framework:${accountId}`;
  const current = async (refused?: string): Promise<HelpdeskConnection> => {
    const kept = await tokens.get<Trouble>(key, async () => notThere, refused);
    if (kept.result !== 'done') throw new ZendeskFailure({ kind: 'no-token', trouble: kept });
    const { instance, token } = JSON.parse(kept.value) as { instance: string; token: string };
    return { instance, token: new Secret(token) };
  };
  return {
    current,
    keep: (connection) => tokens.put(key, { token: written(connection), holdsMs }),
    auth: authorizationBy(current),
  };
}

const written = ({ instance, token }: HelpdeskConnection): string =>
  JSON.stringify({ instance, token: token.reveal() });

function authorizationBy(current: Connection['current']): Authorization {
  const header = ({ token }: HelpdeskConnection) => `Bearer ${token.reveal()}`;
  return {
    header: async () => header(await current()),
    // Another replica may have been given a newer one.
    renewed: async (stale) => {
      const kept = await current();
      const fresh = header(kept) === stale ? await current(written(kept)) : kept;
      return header(fresh) === stale ? undefined : header(fresh);
    },
  };
}

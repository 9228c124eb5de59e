import { z } from 'zod';
import { makeApiKey } from '../../../flows/make-api-key.ts';
import { apiScopes } from '../../../kit/api-scopes.ts';
import { apiKeys, revokeApiKey, type StoredApiKey } from '../../../store/api-keys.ts';
import { audited } from '../../../store/audit.ts';
import type { ApiKeyLine, ApiKeys, WebhookAddress } from '../../wire/keys.ts';
import { type Answer, type Endpoint, endpoint, fine, missing } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';

type Parts = Pick<ConsoleParts, 'db' | 'configuredKeys' | 'accounts' | 'publicUrl'>;

const name = z
  .string()
  .trim()
  .min(1, 'give it a name')
  .max(60, 'at most 60 letters')
  .regex(/^[\p{L}\p{N} ._-]+$/u, 'letters, digits, spaces, dots, dashes and underscores only');

export function keyEndpoints({ db, configuredKeys, accounts, publicUrl }: Parts): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/keys',
      may: 'keys.read',
      handle: async () => {
        const configured = configuredKeys.map(configuredLine);
        const made = (await apiKeys(db)).map(lineOf).reverse();
        return fine({ keys: [...configured, ...made], scopes: [...apiScopes] } satisfies ApiKeys);
      },
    }),
    endpoint({
      method: 'post',
      path: '/keys',
      may: 'keys.write',
      body: z.strictObject({ name, scopes: z.array(z.enum(apiScopes)).min(1, 'choose what it may do') }),
      handle: async ({ body, who }): Promise<Answer> => {
        if (configuredKeys.some((key) => key.name === body.name)) return taken(body.name);
        const key = await makeApiKey(db, { name: body.name, scopes: body.scopes, who });
        return key === undefined ? taken(body.name) : { status: 201, body: { key } };
      },
    }),
    endpoint({
      method: 'delete',
      path: '/keys/:name',
      may: 'keys.write',
      params: z.object({ name: z.string().min(1).max(200) }),
      handle: async ({ params, who }) => {
        const revoked = await db.transaction().execute(async (tx) => {
          const ended = await revokeApiKey(tx, params.name);
          if (ended) await audited(tx, { who, what: 'key-revoked', subject: params.name });
          return ended;
        });
        return revoked ? fine({}) : missing('key in use');
      },
    }),
    endpoint({
      method: 'get',
      path: '/webhook-addresses',
      may: 'accounts.read',
      handle: async () => fine({ publicUrl: publicUrl ?? null, items: addresses(accounts, publicUrl) }),
    }),
  ];
}

const taken = (name: string): Answer => ({
  status: 409,
  detail: `there is a key called ${name} already; revoke it first`,
});

function addresses(accounts: Parts['accounts'], publicUrl: string | undefined): WebhookAddress[] {
  if (publicUrl === undefined) return [];
  const base = publicUrl.replace(/\/+$/, '');
  return accounts
    .filter(({ called }) => called)
    .map(({ id, kind, label }) => ({ account: id, kind, label, url: `${base}/webhooks/${kind}/${id}` }));
}

const configuredLine = ({ name, scopes }: Parts['configuredKeys'][number]): ApiKeyLine => ({
  ...{ name, prefix: null, scopes: [...scopes], source: 'configuration' },
  ...{ createdAt: null, lastUsedAt: null, revokedAt: null },
});

const lineOf = (key: StoredApiKey): ApiKeyLine => ({
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  source: 'made',
  createdAt: key.createdAt.toISOString(),
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  revokedAt: key.revokedAt?.toISOString() ?? null,
});

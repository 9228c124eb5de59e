import { createHmac } from 'node:crypto';
import { z } from 'zod';

/** What an app asks its framework for, as far as apps of ours do (ZAF "client.request"). */
const asked = z.strictObject({
  url: z.string().max(2_000),
  type: z.enum(['GET', 'POST']),
  contentType: z.literal('application/json'),
  dataType: z.literal('json'),
  data: z.string().max(100_000).optional(),
  headers: z.record(z.string().regex(/^[A-Za-z-]+$/, 'the proxy takes no underscores'), z.string()),
  secure: z.literal(true),
  jwt: z.strictObject({
    algorithm: z.literal('HS256'),
    secret_key: z.string(),
    expiry: z.number().int().positive(),
    claims: z.record(z.string(), z.string()),
  }),
});

/** The app as an admin installed it. */
export interface Installed {
  domainWhitelist: readonly string[];
  /** The secure settings, and where each may be put. */
  secrets: Readonly<Record<string, { value: string; scopes: readonly string[] }>>;
}

export interface Proxied {
  status: number;
  text: string;
}

/**
 * Zendesk's proxy: it alone knows the secure settings, puts them only where their scopes say, signs the token, and sends to no host that
 * the manifest does not name.
 */
export async function proxied(installed: Installed, given: unknown): Promise<Proxied> {
  const read = asked.safeParse(given);
  if (!read.success) return { status: 400, text: `the proxy does not take that: ${read.error.issues[0]?.message}` };
  const { url, type, data, headers, jwt } = read.data;
  if (!installed.domainWhitelist.includes(new URL(url).hostname))
    return { status: 400, text: 'the manifest does not name this host' };
  const token = tokenOf(installed, jwt, Math.floor(Date.now() / 1_000));
  const filled = Object.entries(headers).map(([name, value]) => [name, value.replaceAll('{{jwt.token}}', token)]);
  const answer = await fetch(url, {
    method: type,
    headers: { ...Object.fromEntries(filled), 'content-type': 'application/json' },
    redirect: 'error',
    ...(data === undefined ? {} : { body: data }),
  }).catch(() => undefined);
  return answer ? { status: answer.status, text: await answer.text() } : { status: 502, text: '' };
}

function tokenOf(installed: Installed, { secret_key, expiry, claims }: z.infer<typeof asked>['jwt'], now: number) {
  const secret = secret_key.replace(/\{\{setting\.(\w+)\}\}/g, (_, name: string) => {
    const setting = installed.secrets[name];
    return setting?.scopes.includes('jwt_secret_key') ? setting.value : '';
  });
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ ...claims, iat: now, exp: now + expiry })}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

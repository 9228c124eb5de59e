import { createServer } from 'node:http';

/** What the provider knows of a person: `sub` is what they type to sign in there. */
export type Person = { sub: string; email: string; email_verified?: boolean; name?: string; groups?: string[] };

/** A real OpenID provider on this machine. It lets in whoever `next` says, asking nothing. */
export async function startOidcProvider(redirect: string, people: readonly Person[]) {
  // It complains of the Node it runs on as soon as it is there.
  const { Provider } = await import('oidc-provider');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as { port: number };
  const issuer = `http://127.0.0.1:${address.port}`;
  let next = people[0]!.sub;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'passerelle', client_secret: 'a-client-secret', redirect_uris: [redirect] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'groups'] },
    conformIdTokenClaims: false,
    cookies: { keys: ['a-key-for-the-cookies'] },
    pkce: { required: () => true },
    findAccount: (_context: unknown, id: string) => {
      const person = people.find(({ sub }) => sub === id);
      return person && { accountId: id, claims: async () => person };
    },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    features: { devInteractions: { enabled: false } },
  });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response);
    const { prompt, params, grantId } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') return provider.interactionFinished(request, response, { login: { accountId: next } });
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: next, clientId: params.client_id });
    grant.addOIDCScope('openid email profile');
    return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
  });
  return {
    issuer,
    /** Who signs in there from now on. */
    signsIn: (sub: string) => {
      next = sub;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

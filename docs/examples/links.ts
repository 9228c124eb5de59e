// A link that says who a customer of the shop is in the chat. Wants a key with the scope links.
const { PASSERELLE_URL: base, PASSERELLE_KEY: key } = process.env;
const [customerId = 'customer-77'] = process.argv.slice(2);
const authorization = `Bearer ${key}`;

/** Throws what the service says was wrong. */
async function call<Answer>(path: string, request: RequestInit = {}): Promise<Answer> {
  const headers = { authorization, 'content-type': 'application/json', ...(request.headers as Record<string, string>) };
  const response = await fetch(`${base}${path}`, { ...request, headers });
  if (!response.ok) throw new Error(((await response.json()) as { detail: string }).detail);
  return (await response.json()) as Answer;
}

interface Link {
  id: string;
  links: { account: string; url: string }[];
}

const made = await call<Link>('/v1/links', {
  method: 'POST',
  // Asked again with the same key, the same link comes back.
  headers: { 'idempotency-key': `link-of-${customerId}` },
  body: JSON.stringify({ customerId, email: `${customerId}@example.com` }),
});
console.log(made.links.map(({ account, url }) => `${account}: ${url}`).join('\n'));
console.log(JSON.stringify(await call(`/v1/links/${made.id}`)));

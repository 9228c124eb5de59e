// What the law lets a customer ask for. Wants a key with the scope privacy.
const { PASSERELLE_URL: base, PASSERELLE_KEY: key } = process.env;
const [email = 'ida@example.com'] = process.argv.slice(2);

async function call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${base}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!response.ok) throw new Error(((await response.json()) as { detail: string }).detail);
  return (await response.json()) as Answer;
}

interface Receipt {
  state: 'waiting' | 'working' | 'done' | 'incomplete';
  steps: { place: string; what: string; state: string; count: number; reason?: string }[];
}

const { customers } = await call<{ customers: number[] }>('POST', '/v1/customers/find', { email });
const [customer, ...others] = customers;
if (others.length > 0) throw new Error(`several customers are known by it: ${customers.join(', ')}`);

const exported = await call<{ files: unknown[] }>('POST', `/v1/customers/${customer}/export`);
console.log(`customer ${customer}: ${exported.files.length} files, and all that was said`);

const { code } = await call<{ code: string }>('POST', `/v1/customers/${customer}/erase`);
for (;;) {
  const receipt = await call<Receipt>('GET', `/v1/erasures/${code}`);
  if (receipt.state === 'done' || receipt.state === 'incomplete') {
    console.log(receipt.state);
    for (const { place, what, state, count, reason } of receipt.steps) console.log(place, what, state, count, reason ?? '');
    break;
  }
  await new Promise((next) => setTimeout(next, 500));
}

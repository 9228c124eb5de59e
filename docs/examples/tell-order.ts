/** What Passerelle answers for each event. */
interface Told {
  result: 'taken' | 'repeat' | 'refused';
  notice?: number;
  problem?: { field: string; detail: string };
}

/** Tells what happened to an order. Safe to repeat: the event's `id` makes it one. */
export async function tellOrder(baseUrl: string, apiKey: string, event: object): Promise<Told> {
  const response = await fetch(`${baseUrl}/v1/orders/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [event] }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`Passerelle answered ${response.status}: ${await response.text()}`);
  const { results } = (await response.json()) as { results: Told[] };
  return results[0]!;
}

/** Follows the server's picture of the world; reconnects by itself. */
export function follow(store) {
  const source = new EventSource('/api/live');
  for (const name of ['about', 'phones', 'tickets', 'crm', 'traffic', 'faults', 'service', 'shop']) {
    source.addEventListener(name, (event) => store.setSection(name, JSON.parse(event.data)));
  }
  source.addEventListener('open', () => store.set({ connected: true }));
  source.addEventListener('error', () => store.set({ connected: false }));
}

/** Asks the server to do something. What goes wrong is shown; then undefined comes back, else `{ result }`. */
export function makeAct(toast) {
  return async (action, body = {}) => {
    try {
      const answer = await fetch(`/api/do/${action}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const read = await answer.json();
      if (answer.ok) return read;
      toast(read.problem);
    } catch {
      toast('The demo does not answer. Is it still running?');
    }
    return undefined;
  };
}

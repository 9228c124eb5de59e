// Stands in for the framework's script, which Zendesk serves: the same calls, by the same messages to the page around the frame.
window.ZAFClient = {
  init() {
    const params = new URLSearchParams(location.search);
    const origin = params.get('origin');
    const guid = params.get('app_guid');
    return origin && guid ? makeClient(origin, guid) : false;
  },
};

/** Zendesk's script gives a call up after so long. Milliseconds. */
const patience = 5_000;

function makeClient(origin, guid) {
  const handlers = new Map();
  const pending = new Map();
  let ready = false;
  let last = 0;
  const post = (message) =>
    parent.postMessage(JSON.stringify({ ...message, appGuid: guid, instanceGuid: guid }), origin);
  const on = (name, handler) => {
    handlers.set(name, [...(handlers.get(name) ?? []), handler]);
    if (ready) post({ key: `iframe.on:${name}`, message: { subscriberCount: handlers.get(name).length } });
  };
  const registered = new Promise((resolve) => on('app.registered', resolve));
  registered.then(() => {
    ready = true;
  });

  addEventListener('message', (event) => {
    if (event.origin !== origin || event.source !== parent) return;
    const data = JSON.parse(event.data);
    if (data.id && pending.has(data.id)) pending.get(data.id)(data);
    else if (data.key?.startsWith('zaf.'))
      for (const handler of handlers.get(data.key.slice(4)) ?? []) handler(data.message);
  });
  post({ key: 'iframe.handshake', message: { version: '2.0.0' } });

  async function call(request, params) {
    await registered;
    const id = ++last;
    const answer = await new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${request} request timeout`)), patience);
      pending.set(id, (data) => {
        clearTimeout(late);
        resolve(data);
      });
      post({ id, request, params });
    });
    pending.delete(id);
    if (answer.error) throw new Error(answer.error.message ?? 'refused');
    return answer.result;
  }

  return {
    on,
    metadata: async () => (await registered).metadata,
    context: async () => (await registered).context,
    get: (paths) => call('get', paths),
    invoke: (name, ...values) => call('invoke', { [name]: values }),
    async request(options) {
      await registered;
      const key = `request:${++last}`;
      return new Promise((resolve, reject) => {
        on(`${key}.done`, ({ responseArgs }) => resolve(responseArgs[0]));
        on(`${key}.fail`, ({ responseArgs }) => reject(responseArgs[0]));
        post({ key, message: options });
      });
    },
  };
}

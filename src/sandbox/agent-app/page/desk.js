// Zendesk's side of the framework: what an app's frame is told, and what it may ask (ZAF SDK 2.0). Messages go as JSON texts.
const frame = document.getElementById('app');
const pick = Object.fromEntries(['ticket', 'locale', 'scheme'].map((id) => [id, document.getElementById(id)]));
const agent = { id: 380011, name: 'Alice Agent', email: 'alice@acme.example', role: 'agent' };
const guid = 'app-1';
const { version, settings } = await (await fetch('installation')).json();

const tell = (message) => frame.contentWindow.postMessage(JSON.stringify(message), location.origin);
const event = (name, message) => tell({ key: `zaf.${name}`, message });

/** What can be read of where the app is. */
const values = () => ({
  'ticket.id': Number(pick.ticket.value),
  currentUser: { ...agent, locale: pick.locale.value },
  colorScheme: pick.scheme.value,
});

function got(paths) {
  const known = values();
  const errors = {};
  const result = {};
  for (const path of paths) {
    if (path in known) result[path] = known[path];
    else errors[path] = { name: 'APIError', path, message: 'no such path' };
  }
  return { ...result, errors };
}

function invoked(calls) {
  for (const [name, [value]] of Object.entries(calls)) {
    if (name !== 'resize') return { error: { name: 'APIError', message: `${name} cannot be invoked` } };
    frame.style.height = value.height;
  }
  return { result: { errors: {} } };
}

async function request(key, options) {
  const answer = await fetch('proxy', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(options),
  });
  const { status, text } = await answer.json();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  if (status >= 200 && status < 300) event(`${key}.done`, { responseArgs: [json] });
  else event(`${key}.fail`, { responseArgs: [{ status, responseText: text, responseJSON: json }] });
}

const registered = () =>
  event('app.registered', {
    metadata: { appId: 1, installationId: 1, name: 'Passerelle', version, settings },
    context: { instanceGuid: guid, product: 'support', account: { subdomain: 'acme' }, location: 'ticket_sidebar' },
  });

addEventListener('message', ({ origin, source, data }) => {
  if (origin !== location.origin || source !== frame.contentWindow) return;
  const message = JSON.parse(data);
  if (message.appGuid !== guid) return;
  if (message.key === 'iframe.handshake') registered();
  else if (message.key?.startsWith('request:')) void request(message.key, message.message);
  else if (message.request === 'get') tell({ id: message.id, result: got(message.params) });
  else if (message.request === 'invoke') tell({ id: message.id, ...invoked(message.params) });
});

let tickets = [];
let open = '';

function show() {
  const ticket = tickets.find(({ id }) => String(id) === pick.ticket.value);
  document.getElementById('none').hidden = ticket !== undefined;
  frame.hidden = ticket === undefined;
  document.getElementById('comments').replaceChildren(...(ticket?.comments ?? []).map(comment));
  if (!ticket || open === pick.ticket.value) return;
  open = pick.ticket.value;
  frame.src = `app/iframe.html?origin=${encodeURIComponent(location.origin)}&app_guid=${guid}`;
}

function comment({ author, public: isPublic, body }) {
  const element = document.createElement('article');
  if (!isPublic) element.className = 'note';
  const heading = document.createElement('h2');
  heading.textContent = author;
  element.append(heading, body);
  return element;
}

async function look() {
  tickets = await (await fetch('tickets')).json();
  const wanted = new URLSearchParams(location.search).get('ticket');
  const chosen = pick.ticket.value || wanted || String(tickets[0]?.id ?? '');
  const options = tickets.map(
    ({ id, requester, subject }) => new Option(`#${id} ${requester}: ${subject}`, String(id)),
  );
  pick.ticket.replaceChildren(...options);
  if (tickets.some(({ id }) => String(id) === chosen)) pick.ticket.value = chosen;
  show();
}

function again() {
  open = '';
  show();
}

pick.ticket.addEventListener('change', show);
pick.locale.addEventListener('change', again);
pick.scheme.addEventListener('change', () => {
  document.documentElement.dataset.scheme = pick.scheme.value;
  event('colorScheme.changed', pick.scheme.value);
});
const asked = new URLSearchParams(location.search);
for (const name of ['locale', 'scheme']) if (asked.has(name)) pick[name].value = asked.get(name);
document.documentElement.dataset.scheme = pick.scheme.value;
await look();
setInterval(look, 2_000);

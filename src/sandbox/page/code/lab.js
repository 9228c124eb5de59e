import { drawList, drawOne, h } from './dom.js';
import { makeFaults } from './faults.js';
import { icon } from './icon.js';
import { makeShop } from './shop.js';
import { chosenChannel } from './store.js';

/** After the channel on the phone. */
const others = [
  ['zendesk', 'Zendesk was asked'],
  ['salesforce', 'Salesforce was asked'],
  ['service', 'Webhooks to Passerelle'],
];

/** The shop, what goes over the wires, and how to disturb it. Returns how to draw it. */
export function makeLab(root, store, act) {
  const latest = h('div', { class: 'latest', 'aria-label': 'Latest requests' });
  const column = (title) => ({ title: h('h3', {}, title), rows: h('div', { class: 'rows' }) });
  const first = column('');
  const columns = others.map(([platform, title]) => [platform, column(title)]);
  const traffic = h(
    'div',
    { class: 'traffic' },
    [first, ...columns.map(([, each]) => each)].map(({ title, rows }) => h('section', {}, title, rows)),
  );
  const [faults, drawFaults] = makeFaults(act);
  const [shop, drawShop] = makeShop(act);
  const body = h('div', { class: 'lab-body', hidden: true }, shop, faults, traffic);
  const tab = (name, shape, label) =>
    h(
      'button',
      { type: 'button', 'aria-expanded': 'false', on: { click: () => toggle(name) } },
      icon(shape),
      h('span', {}, label),
    );
  const buttons = {
    shop: tab('shop', 'bag', 'Shop'),
    faults: tab('faults', 'bolt', 'Faults'),
    traffic: tab('traffic', 'swap', 'Traffic'),
  };
  const show = (name) => {
    body.hidden = !name;
    shop.hidden = name !== 'shop';
    faults.hidden = name !== 'faults';
    traffic.hidden = name !== 'traffic';
    for (const [key, button] of Object.entries(buttons)) button.setAttribute('aria-expanded', String(key === name));
    body.dataset.showing = name ?? '';
    draw(store.state);
  };
  const toggle = (name) => show(body.dataset.showing === name ? undefined : name);
  const armed = h('span', {});
  root.append(h('div', { class: 'lab-strip' }, Object.values(buttons), armed, latest), body);
  const draw = (state) => {
    const { sections } = state;
    const channel = chosenChannel(state);
    const colours = coloursOf(sections.about);
    drawLatest(latest, sections.traffic ?? {}, colours);
    if (!traffic.hidden && channel) {
      first.title.textContent = `${channel.label} was asked`;
      drawColumn(first.rows, channel.kind, sections.traffic, colours);
      for (const [name, { rows }] of columns) drawColumn(rows, name, sections.traffic, colours);
    }
    drawShop(state);
    drawOne(armed, armedCount(sections.faults), armedBadge);
    if (channel) drawFaults(sections.faults, channel, sections.about.channels);
  };
  return { draw, show: () => body.hidden && show('faults') };
}

const armedCount = (faults) =>
  faults
    ? Object.values(faults.waiting).flat().length +
      [faults.switches, ...Object.values(faults.switches.channels)].reduce((sum, each) => sum + switchesOn(each), 0)
    : 0;

const switchesOn = (switches) => Object.values(switches).filter((value) => value === true || value > 1).length;

const coloursOf = (about) => Object.fromEntries((about?.channels ?? []).map(({ kind, accent }) => [kind, accent]));

const armedBadge = (count) => h('span', { class: 'badge warn', hidden: count === 0 }, `${count} armed`);

function drawLatest(root, traffic, colours) {
  const all = Object.entries(traffic).flatMap(([platform, requests]) =>
    requests.map((request) => ({ ...request, platform, colour: colours[platform] })),
  );
  const newest = all.sort((a, b) => a.at.localeCompare(b.at)).slice(-5);
  drawList(root, newest, (request) => `${request.platform} ${request.at} ${request.path}`, requestView);
}

function drawColumn(rows, platform, traffic, colours) {
  const colour = colours[platform];
  const requests = traffic?.[platform] ?? [];
  const numbered = requests.map((request, position) => ({ ...request, platform, colour, position })).toReversed();
  drawList(
    rows,
    numbered.length > 0 ? numbered : [{ at: 'none' }],
    (r) => `${r.at} ${r.position}`,
    (request) => (request.at === 'none' ? h('p', { class: 'soft' }, 'Nothing yet.') : requestView(request)),
  );
}

/** Without what is the same for every call of a platform. */
const shortened = (path) => path.replace(/^\/(services\/data\/v[\d.]+|api\/v2|webhooks)(?=\/)/, '');

function requestView({ platform, colour, method, path, status, ms, events }) {
  const bad = status === 'none' || status >= 400;
  const element = h(
    'span',
    { class: `request ${platform}`, title: `${method} ${path}` },
    method,
    h('span', { class: 'path' }, shortened(path)),
    events > 1 && `×${events}`,
    h('span', { class: bad ? 'status bad' : 'status' }, status === 'none' ? 'no answer' : status),
    `${ms} ms`,
  );
  if (colour) element.style.setProperty('--accent', colour);
  return element;
}

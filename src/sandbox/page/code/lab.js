import { drawList, drawOne, h } from './dom.js';
import { makeFaults } from './faults.js';
import { icon } from './icon.js';

const platforms = ['messenger', 'zendesk', 'salesforce', 'service'];
const names = {
  messenger: 'Messenger was asked',
  zendesk: 'Zendesk was asked',
  salesforce: 'Salesforce was asked',
  service: 'Webhooks to Passerelle',
};

/** What goes over the wires, and how to disturb it. Returns how to draw it. */
export function makeLab(root, store, act) {
  const latest = h('div', { class: 'latest', 'aria-label': 'Latest requests' });
  const columns = platforms.map((platform) => [platform, h('div', { class: 'rows' })]);
  const traffic = h(
    'div',
    { class: 'traffic' },
    columns.map(([platform, rows]) => h('section', {}, h('h3', {}, names[platform]), rows)),
  );
  const [faults, drawFaults] = makeFaults(act);
  const body = h('div', { class: 'lab-body', hidden: true }, faults, traffic);
  const tab = (name, shape, label) =>
    h(
      'button',
      { type: 'button', 'aria-expanded': 'false', on: { click: () => toggle(name) } },
      icon(shape),
      h('span', {}, label),
    );
  const buttons = { faults: tab('faults', 'bolt', 'Faults'), traffic: tab('traffic', 'swap', 'Traffic') };
  const show = (name) => {
    body.hidden = !name;
    faults.hidden = name !== 'faults';
    traffic.hidden = name !== 'traffic';
    for (const [key, button] of Object.entries(buttons)) button.setAttribute('aria-expanded', String(key === name));
    body.dataset.showing = name ?? '';
    draw(store.state);
  };
  const toggle = (name) => show(body.dataset.showing === name ? undefined : name);
  const armed = h('span', {});
  root.append(h('div', { class: 'lab-strip' }, buttons.faults, buttons.traffic, armed, latest), body);
  const draw = ({ sections }) => {
    drawLatest(latest, sections.traffic ?? {});
    if (!traffic.hidden) for (const [name, rows] of columns) drawColumn(rows, name, sections.traffic?.[name] ?? []);
    drawOne(armed, armedCount(sections.faults), armedBadge);
    drawFaults(sections.faults);
  };
  return { draw, show: () => body.hidden && show('faults') };
}

const armedCount = (faults) =>
  faults
    ? Object.values(faults.waiting).flat().length +
      Object.values(faults.switches).filter((value) => value === true || value > 1).length
    : 0;

const armedBadge = (count) => h('span', { class: 'badge warn', hidden: count === 0 }, `${count} armed`);

function drawLatest(root, traffic) {
  const all = platforms.flatMap((platform) => (traffic[platform] ?? []).map((request) => ({ ...request, platform })));
  const newest = all.sort((a, b) => a.at.localeCompare(b.at)).slice(-5);
  drawList(root, newest, (request) => `${request.platform} ${request.at} ${request.path}`, requestView);
}

function drawColumn(rows, platform, requests) {
  const numbered = requests.map((request, position) => ({ ...request, platform, position })).toReversed();
  drawList(
    rows,
    numbered.length > 0 ? numbered : [{ at: 'none' }],
    (r) => `${r.at} ${r.position}`,
    (request) => (request.at === 'none' ? h('p', { class: 'soft' }, 'Nothing yet.') : requestView(request)),
  );
}

/** Without what is the same for every call of a platform. */
const shortened = (path) => path.replace(/^\/(services\/data\/v[\d.]+|api\/v2|webhooks)(?=\/)/, '');

function requestView({ platform, method, path, status, ms, events }) {
  const bad = status === 'none' || status >= 400;
  return h(
    'span',
    { class: `request ${platform}`, title: `${method} ${path}` },
    method,
    h('span', { class: 'path' }, shortened(path)),
    events > 1 && `×${events}`,
    h('span', { class: bad ? 'status bad' : 'status' }, status === 'none' ? 'no answer' : status),
    `${ms} ms`,
  );
}

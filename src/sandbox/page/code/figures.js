import { drawOne, h } from './dom.js';

const sum = (counts = {}) => Object.values(counts).reduce((a, b) => a + b, 0);

const sumOfSums = (groups) => sum(Object.values(groups).map(sum));

/** The service in one line: is it well, what has it taken in, what waits. */
export function makeFigures(root) {
  return ({ sections, connected }) => {
    const { service } = sections;
    if (service) drawOne(root, { ...service, connected }, view);
  };
}

function view(service) {
  const parked = sum(service.parked);
  const paused = sum(service.paused);
  const backlog = sum(service.backlog);
  return h(
    'div',
    { class: 'figures' },
    stateBadge(service),
    figure('events', sumOfSums(service.events), '', 'Events the service accounted for'),
    figure('deliveries', sumOfSums(service.deliveries), 'optional', 'Deliveries to all targets'),
    figure('waiting', backlog, backlog > 0 ? 'warn' : 'optional', 'Work not yet done'),
    figure('parked', parked, parked > 0 ? 'bad' : 'optional', 'Given up until a person decides'),
    figure('paused', paused, paused > 0 ? 'bad' : 'optional', 'Targets that are not called at the moment'),
    service.memoryMb > 0 && figure('MB', service.memoryMb, 'optional', 'Memory of the service'),
  );
}

function stateBadge({ connected, running, ready }) {
  if (!connected) return h('span', { class: 'badge bad' }, 'The demo is not running');
  if (!running) return h('span', { class: 'badge bad' }, 'The service has stopped');
  return ready ? h('span', { class: 'badge good' }, '● Ready') : h('span', { class: 'badge warn' }, '● Not ready');
}

const figure = (label, value, tone, title) =>
  h('span', { class: `badge ${tone}`, title }, h('b', {}, String(value)), ` ${label}`);

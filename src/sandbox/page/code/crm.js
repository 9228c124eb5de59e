import { drawList, drawOne, h } from './dom.js';
import { avatar, when } from './format.js';
import { chosenKey, chosenThread } from './store.js';

const hidden = new Set([
  'Id',
  'attributes',
  'FirstName',
  'LastName',
  'Name',
  'Title',
  'IsDeleted',
  'OwnerId',
  'CreatedDate',
  'CreatedById',
  'LastModifiedDate',
  'LastModifiedById',
  'SystemModstamp',
]);
const labels = { Passerelle_Key__c: 'Chat key', MobilePhone: 'Mobile', AccountId: 'Account' };

/** Salesforce: the contact of the customer on the phone, the history, everyone else. Returns how to draw it. */
export function makeCrm(root, store) {
  const card = h('div', {});
  const history = h('div', { class: 'history' });
  const people = h('div', { class: 'contact-rows' });
  root.append(
    h('div', { class: 'pane-head' }, h('h2', {}, 'Salesforce')),
    h(
      'div',
      { class: 'crm-body scroll' },
      card,
      h('section', {}, h('h3', {}, 'History'), history),
      h('section', {}, h('h3', {}, 'All contacts'), people),
    ),
  );
  return (state) => {
    const { contacts = [], tasks = [] } = state.sections.crm ?? {};
    const key = chosenKey(state);
    const chosen = contacts.find((contact) => contact.Id === state.contact);
    const own = contacts.find((contact) => Object.values(contact).includes(key));
    const contact = chosen ?? own;
    drawOne(card, { contact, name: chosenThread(state)?.name, own: contact === own }, cardView);
    const about = tasks.filter(
      (task) => task.WhoId === contact?.Id || (!chosen && !task.WhoId && isAbout(task, state)),
    );
    drawList(history, about.length > 0 ? about.toReversed() : [{ Id: 'none' }], (task) => task.Id, taskView);
    const rows = contacts.map((c) => ({ ...c, current: c.Id === contact?.Id }));
    drawList(
      people,
      rows,
      (c) => c.Id,
      (c) => personRow(c, () => store.set({ contact: c.Id })),
    );
  };
}

/** History that was tied to nobody, since nobody can tell which contact it is. */
function isAbout(task, state) {
  const key = chosenKey(state);
  const ids = (state.sections.tickets ?? [])
    .filter((ticket) => ticket.requester.externalId === key)
    .map((ticket) => ticket.id);
  return ids.some((id) => new RegExp(`ticket ${id}\\b`).test(task.Subject ?? ''));
}

const nameOf = ({ FirstName, LastName }) => [FirstName, LastName].filter(Boolean).join(' ') || 'No name';

function cardView({ contact, name }) {
  if (!contact) {
    return h(
      'div',
      { class: 'empty' },
      h('strong', { dir: 'auto' }, name ? `${name} has no contact` : 'No contact'),
      'One is found or made when the customer writes. If several match, none is guessed.',
    );
  }
  const fields = Object.entries(contact).filter(
    ([field, value]) => !hidden.has(field) && value !== null && value !== '' && value !== false,
  );
  return h(
    'article',
    { class: 'contact-card' },
    h(
      'header',
      {},
      avatar(nameOf(contact)),
      h(
        'div',
        {},
        h('strong', { dir: 'auto' }, nameOf(contact)),
        h('span', { class: 'soft small' }, contact.Title ?? 'Contact'),
      ),
    ),
    h(
      'dl',
      {},
      fields.flatMap(([field, value]) => [
        h('dt', {}, labels[field] ?? field),
        h('dd', { dir: 'auto' }, String(value)),
      ]),
      h('dt', {}, 'Id'),
      h('dd', { class: 'id' }, contact.Id),
    ),
  );
}

function taskView(task) {
  if (task.Id === 'none') return h('p', { class: 'soft' }, 'No conversation is recorded yet.');
  return h(
    'details',
    { open: true },
    h(
      'summary',
      {},
      h('b', { dir: 'auto' }, task.Subject ?? 'Task'),
      h(
        'span',
        { class: 'soft small' },
        [task.Status, task.ActivityDate, task.CreatedDate && when(task.CreatedDate)].filter(Boolean).join(' · '),
        !task.WhoId && h('span', { class: 'badge warn' }, 'tied to no contact'),
      ),
    ),
    h('div', { class: 'transcript', dir: 'auto', tabindex: 0 }, task.Description ?? ''),
  );
}

function personRow(contact, click) {
  return h(
    'button',
    { type: 'button', class: 'plain', 'aria-current': String(contact.current), on: { click } },
    avatar(nameOf(contact), true),
    h('span', { dir: 'auto' }, nameOf(contact), h('small', {}, contact.Email ?? contact.Phone ?? '')),
  );
}

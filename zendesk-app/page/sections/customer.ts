import type { ContactView, QuestionView, TicketView } from '../../../src/agent-app/wire.ts';
import { h, outward, section } from '../dom.ts';
import type { Words } from '../words.ts';

/** What an agent decides about who the customer is, as the service takes it. */
export type Decision =
  | { act: 'unlink'; at: string }
  | { act: 'link'; at: string; to: string; object: 'Contact' | 'Lead' | 'PersonAccount' }
  | { act: 'choose'; question: number; record: string }
  | { act: 'none'; question: number }
  | { act: 'undo'; of: number };
type Decide = (decision: Decision) => void;

/** What is known of the customer and how, who they are at the CRM, and what can be decided about that. */
export function customerSection({ customer }: TicketView, t: Words, decide: Decide): HTMLElement {
  const { facts, contacts, questions, crm, lastAct } = customer;
  const asked = new Set(questions.map(({ at }) => at));
  const linked = contacts.filter(({ state }) => state === 'linked');
  const toLink = crm && !asked.has(crm) && !linked.some((contact) => contact.crm === crm) ? crm : undefined;
  return section(
    'customer',
    t('customer'),
    facts.length > 0 &&
      h('dl', {}, ...facts.flatMap(({ kind, value, evidence }) => fact(t(kind), value, t(`by_${evidence}`)))),
    ...linked.map((contact) => contactCard(contact, t, decide)),
    ...questions.map((question) => questionCard(question, t, decide)),
    toLink && linkForm(toLink, t, decide),
    lastAct && button(t('undo'), () => decide({ act: 'undo', of: lastAct.id }), 'link'),
  );
}

const fact = (kind: string, value: string, how: string) => [
  h('dt', {}, kind),
  h('dd', {}, value, h('span', { class: 'quiet' }, how)),
];

const button = (text: string, act: () => void, style = '') =>
  h('button', { type: 'button', class: style, onclick: act }, text);

/** A wrong link is cut only after it was said what follows. */
function contactCard({ crm, name, id, url, evidence }: ContactView, t: Words, decide: Decide): HTMLElement {
  const sure = h('div', { class: 'sure', hidden: true });
  const ask = button(t('notThem'), () => {
    ask.hidden = true;
    sure.hidden = false;
    cut.focus();
  });
  const cut = button(t('unlink'), () => decide({ act: 'unlink', at: crm }), 'danger');
  const leave = button(t('cancel'), () => {
    sure.hidden = true;
    ask.hidden = false;
    ask.focus();
  });
  sure.append(h('p', {}, t('notThem-why')), h('p', { class: 'row' }, cut, leave));
  return h(
    'div',
    { class: 'card' },
    h('h3', {}, t('contact', { crm })),
    h('p', {}, outward(url, name ?? id ?? '')),
    h('p', { class: 'quiet' }, evidence),
    ask,
    sure,
  );
}

function questionCard({ id, at, candidates }: QuestionView, t: Words, decide: Decide): HTMLElement {
  const lines = candidates.map((candidate) => {
    const name = candidate.name ?? candidate.id;
    return h(
      'li',
      {},
      h('p', {}, outward(candidate.url, name), ' ', h('span', { class: 'quiet' }, candidate.email ?? candidate.id)),
      button(t('itIs', { name: `${name} (${candidate.id})` }), () =>
        decide({ act: 'choose', question: id, record: candidate.id }),
      ),
    );
  });
  return h(
    'div',
    { class: 'card ask' },
    h('h3', {}, t('whoIs', { crm: at })),
    h('ul', {}, ...lines),
    button(t('none'), () => decide({ act: 'none', question: id })),
  );
}

/** The beginning of a Salesforce id tells what it is of. */
const objectOf = (id: string) => (id.startsWith('00Q') ? 'Lead' : id.startsWith('001') ? 'PersonAccount' : 'Contact');

function linkForm(crm: string, t: Words, decide: Decide): HTMLElement {
  const input = h('input', { id: 'link-to', required: true, pattern: '[A-Za-z0-9]{15,18}', autocomplete: 'off' });
  const link = (event: Event) => {
    event.preventDefault();
    const to = input.value.trim();
    decide({ act: 'link', at: crm, to, object: objectOf(to) });
  };
  return h(
    'form',
    { class: 'card', onsubmit: link },
    h('h3', {}, t('no-contact', { crm })),
    h('label', { for: 'link-to' }, t('linkTo')),
    h('p', { class: 'row' }, input, h('button', { type: 'submit' }, t('link'))),
  );
}

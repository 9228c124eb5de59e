import { makeCrm } from './crm.js';
import { makeDesk } from './desk.js';
import { h } from './dom.js';
import { makeFigures } from './figures.js';
import { icon } from './icon.js';
import { makeLab } from './lab.js';
import { makeLinks } from './links.js';
import { follow, makeAct } from './live.js';
import { makePhone } from './phone.js';
import { makeStore } from './store.js';
import { makeToast } from './toast.js';

const at = (id) => document.getElementById(id);
const store = makeStore();
const act = makeAct(makeToast(at('toasts')));
const lab = makeLab(at('lab'), store, act);

store.onChange(makeFigures(at('figures')));
store.onChange(makeLinks(at('links')));
store.onChange(makePhone(at('phone'), store, act));
store.onChange(makeDesk(at('desk'), store, act));
store.onChange(makeCrm(at('crm'), store));
store.onChange(lab.draw);
makeTabs(at('tabs'));
follow(store);

/** On a narrow screen one pane is shown at a time. */
function makeTabs(root) {
  const tabs = [
    ['phone', 'chat', 'Phone'],
    ['desk', 'ticket', 'Zendesk'],
    ['crm', 'person', 'Salesforce'],
    ['lab', 'bolt', 'Faults'],
  ];
  const buttons = tabs.map(([name, shape, label]) =>
    h('button', { type: 'button', on: { click: () => show(name) } }, icon(shape), h('span', {}, label)),
  );
  const show = (name) => {
    document.body.dataset.tab = name;
    if (name === 'lab') lab.show();
    buttons.forEach((button, position) => {
      button.setAttribute('aria-current', String(tabs[position][0] === name));
    });
  };
  root.append(...buttons);
  show(document.body.dataset.tab);
}

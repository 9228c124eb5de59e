import { drawOne, h } from './dom.js';

/** What else there is to look at: the app beside the ticket, and the console. */
export function makeLinks(root) {
  return ({ sections: { about } }) => {
    if (about) drawOne(root, about.service, view);
  };
}

const view = (service) =>
  h('span', {}, h('a', { href: 'agent-app/' }, 'Agent app'), ' ', h('a', { href: `${service}/console` }, 'Console'));

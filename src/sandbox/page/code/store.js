/** What the page knows: the sections the server tells, and what is chosen on the page. Listeners are called once per frame. */
export function makeStore() {
  const state = { sections: {}, psid: undefined, ticket: undefined, contact: undefined, connected: false };
  const listeners = [];
  let waiting = false;
  const draw = () => {
    waiting = false;
    for (const listener of listeners) listener(state);
  };
  const changed = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(draw);
  };
  return {
    state,
    onChange: (listener) => listeners.push(listener),
    set: (values) => {
      Object.assign(state, values);
      changed();
    },
    setSection: (name, value) => {
      state.sections[name] = value;
      changed();
    },
  };
}

/** The thread on the phone. */
export const chosenThread = ({ sections, psid }) => {
  const threads = sections.phones ?? [];
  return threads.find((thread) => thread.psid === psid) ?? threads[0];
};

/** How Zendesk and Salesforce know the customer on the phone. */
export const chosenKey = (state) => {
  const thread = chosenThread(state);
  return thread && state.sections.about ? `${state.sections.about.keyPrefix}${thread.psid}` : undefined;
};

/** The ticket an agent clicked, else the customer's newest. */
export const chosenTicket = (state) => {
  const tickets = state.sections.tickets ?? [];
  const key = chosenKey(state);
  return (
    tickets.find((ticket) => ticket.id === state.ticket) ??
    tickets.findLast((ticket) => ticket.requester.externalId === key && ticket.status !== 'deleted')
  );
};

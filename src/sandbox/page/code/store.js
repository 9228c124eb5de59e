/** What the page knows: the sections the server tells, and what is chosen on the page. Listeners are called once per frame. */
export function makeStore() {
  const state = {
    sections: {},
    channel: undefined,
    users: {},
    ticket: undefined,
    contact: undefined,
    connected: false,
  };
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

/** The channel on the phone: the first until another is picked. */
export const chosenChannel = ({ sections, channel }) => {
  const channels = sections.about?.channels ?? [];
  return channels.find(({ kind }) => kind === channel) ?? channels[0];
};

/** The threads of the channel on the phone. */
export const shownThreads = (state) => {
  const kind = chosenChannel(state)?.kind;
  return (state.sections.phones ?? []).filter((thread) => thread.channel === kind);
};

/** The thread on the phone: each channel comes back with the customer it was left with. */
export const chosenThread = (state) => {
  const threads = shownThreads(state);
  const user = state.users[chosenChannel(state)?.kind];
  return threads.find((thread) => thread.user === user) ?? threads[0];
};

/** What to set so that this customer is on the phone. */
export const choosing = ({ users }, channel, user) => ({
  channel,
  users: user === undefined ? users : { ...users, [channel]: user },
  ticket: undefined,
  contact: undefined,
});

/** How Zendesk and Salesforce know the customer on the phone. */
export const chosenKey = (state) => {
  const thread = chosenThread(state);
  return thread && `${chosenChannel(state).keyPrefix}${thread.user}`;
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

import { drawOne, h } from './dom.js';
import { choosing, chosenChannel } from './store.js';

/** Which channel the phone plays: radio buttons, so that the arrow keys work. Returns the element and how to draw it. */
export function makeChannelPicker(store, picked) {
  const element = h('div', { class: 'channels', role: 'radiogroup', 'aria-label': 'Channel' });
  const pick = (kind) => {
    picked();
    store.set(choosing(store.state, kind));
  };
  const draw = (state) => {
    const kind = chosenChannel(state)?.kind;
    drawOne(element, state.sections.about?.channels, (channels) =>
      h(
        'div',
        {},
        channels.map((channel) => choice(channel, pick)),
      ),
    );
    for (const radio of element.querySelectorAll('input')) radio.checked = radio.value === kind;
  };
  return { element, draw };
}

function choice({ kind, label, accent }, pick) {
  const radio = h('input', { type: 'radio', name: 'channel', value: kind, on: { change: () => pick(kind) } });
  const element = h('label', {}, radio, label);
  if (accent) element.style.setProperty('--channel', accent);
  return element;
}

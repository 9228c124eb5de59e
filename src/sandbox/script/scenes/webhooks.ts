import { holds, is } from '../fact.ts';
import { answers, broughtOver, noFailure, receives, type Scene, writes } from '../scene.ts';

const duplicates: Scene = {
  name: 'Every webhook comes three times',
  play: async (stage) => {
    const { messenger, zendesk } = stage.world;
    messenger.webhooks.copies = 3;
    zendesk.webhooks.copies = 3;
    try {
      await writes(stage, 'Once upon a time');
      await writes(stage, 'and only once');
      await answers(stage, '<p>Answered once.</p>');
      await receives(stage, 1);
    } finally {
      messenger.webhooks.copies = 1;
      zendesk.webhooks.copies = 1;
    }
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Once upon a time', 'and only once'),
    is(
      'bubbles',
      stage.customer.received().map((bubble) => bubble.text),
      ['Answered once.'],
    ),
    ...noFailure(stage),
  ],
};

const lines = ['first in time', 'second in time', 'third in time'];

const reordered: Scene = {
  name: 'Webhooks come in reverse',
  play: async (stage) => {
    const { webhooks } = stage.world.messenger;
    webhooks.holdAndReverse = true;
    try {
      const began = Date.now() - 60_000;
      for (const [i, line] of lines.entries()) await stage.customer.says(line, { at: new Date(began + i * 1_000) });
    } finally {
      webhooks.holdAndReverse = false;
      await webhooks.release();
    }
  },
  expect: (stage) => {
    const words = stage.customer.words();
    const inOrder = lines.every((line, i) => i === 0 || words.indexOf(lines[i - 1]!) < words.indexOf(line));
    return [
      is('tickets', stage.customer.tickets().length, 1),
      is(
        'each once',
        lines.map((line) => words.split(line).length - 1),
        [1, 1, 1],
      ),
      // What was written down before an earlier message came can only be followed by it, saying that it is late.
      holds('in order, or what is late says so', inOrder || /late/i.test(words), words),
      is('contacts', stage.customer.contacts().length, 1),
      is('history entries', stage.customer.tasks().length, 1),
      ...noFailure(stage),
    ];
  },
};

const lostCallback: Scene = {
  name: 'Zendesk loses its callback: the reply goes out all the same',
  play: async (stage) => {
    const { webhooks } = stage.world.zendesk;
    await writes(stage, 'Does anybody hear me?');
    webhooks.lose = true;
    try {
      await answers(stage, '<p>Loud and clear.</p>');
    } finally {
      webhooks.lose = false;
    }
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Does anybody hear me?'),
    is(
      'bubbles',
      stage.customer.received().map((bubble) => bubble.text),
      ['Loud and clear.'],
    ),
    ...noFailure(stage),
  ],
  patience: 90_000,
};

export const webhooks: Scene[] = [duplicates, reordered];
export const slowWebhooks: Scene[] = [lostCallback];

import { holds, is } from '../fact.ts';
import { until } from '../patience.ts';
import { document, photo } from '../sample-files.ts';
import { answers, broughtOver, noFailure, receives, type Scene, type Stage, toldOfFailure, writes } from '../scene.ts';

const invoice = document('facture n° 7.pdf');

const formatted: Scene = {
  name: 'An agent answers with formatting and a file',
  play: async (stage) => {
    await writes(stage, 'How do I pitch it?');
    const html = '<p>Hello <strong>there</strong>, two steps:</p><ul><li>poles first</li><li>then pegs</li></ul>';
    await answers(stage, html, { files: [invoice] });
    await receives(stage, 2);
    await until('delivery of both', () => stage.customer.received().every((bubble) => bubble.delivered));
    await stage.world.messenger.customerReads(stage.customer.user);
  },
  expect: (stage) => {
    const [words, file, ...more] = stage.customer.received();
    return [
      ...broughtOver(stage, 'How do I pitch it?'),
      holds(
        'formatting reads well',
        /^Hello there, two steps:\n+.*poles first\n.*then pegs$/.test(words?.text ?? ''),
        words?.text ?? 'nothing',
      ),
      is(
        'the file',
        file?.attachments.map(({ bytes }) => bytes),
        [invoice.bytes.length],
      ),
      is('further bubbles', more.length, 0),
      holds(
        'each carries a marker',
        [words, file].every((bubble) => Boolean(bubble?.metadata)),
      ),
      holds(
        'each was read',
        [words, file].every((bubble) => bubble?.read),
      ),
      holds('the page has seen the question', stage.customer.thread().seen),
      is('comments on the ticket', stage.customer.ticket()?.comments.length, 2),
      ...noFailure(stage),
    ];
  },
};

const pictures = [photo(33), photo(66)];

const severalFiles: Scene = {
  name: 'An agent sends several files and an emoji',
  play: async (stage) => {
    await writes(stage, 'Which colours are there?');
    await answers(stage, '<p>These two 🏕️</p>', { files: pictures });
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Which colours are there?'),
    is('bubbles in order', stage.customer.received().map(gist), [
      'These two 🏕️',
      ...pictures.map(({ bytes }) => bytes.length),
    ]),
    ...noFailure(stage),
  ],
};

const gist = ({ text, attachments }: { text?: string; attachments: { bytes?: number }[] }) =>
  text ?? attachments[0]?.bytes;

const privateNote: Scene = {
  name: 'An internal note stays internal',
  play: async (stage) => {
    await writes(stage, 'Can I have a refund?');
    await answers(stage, '<p>This one always asks.</p>', { internal: true });
    await answers(stage, '<p>Of course you can.</p>');
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Can I have a refund?'),
    is('bubbles', stage.customer.received().map(gist), ['Of course you can.']),
    is('internal notes', stage.customer.notes().length, 1),
  ],
};

const longText = Array.from({ length: 640 }, (_, i) => `word${String(i).padStart(3, '0')}`)
  .join(' ')
  .slice(0, 5_000);

const longReply: Scene = {
  name: 'A reply of 5,000 characters comes in pieces',
  play: async (stage) => {
    await writes(stage, 'Tell me everything');
    await answers(stage, `<p>${longText}</p>`);
  },
  expect: (stage) => {
    const pieces = stage.customer.received().map((bubble) => bubble.text ?? '');
    return [
      ...broughtOver(stage, 'Tell me everything'),
      holds('at least three', pieces.length >= 3, pieces.length),
      holds(
        'each short enough',
        pieces.every((piece) => piece.length <= 2_000),
        pieces.map((piece) => piece.length),
      ),
      is('together the whole text', pieces.join(' ').replace(/\s+/g, ' ').trim(), longText.trim()),
      ...noFailure(stage),
    ];
  },
};

const inboxReply = 'Hi, Joe here from the shop floor';

const inboxEcho: Scene = {
  name: 'A reply typed in Facebook’s inbox shows on the ticket',
  play: async (stage) => {
    await writes(stage, 'Anybody there?');
    await stage.world.messenger.inboxReplies(stage.customer.user, inboxReply);
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Anybody there?'),
    is('it is on the ticket', commentsWith(stage, inboxReply), 1),
    is('sent again', stage.customer.received().length, 0),
    is('bubbles on the phone', stage.customer.thread().bubbles.length, 2),
  ],
};

const commentsWith = ({ customer }: Stage, words: string) =>
  customer.ticket()?.comments.filter((comment) => comment.body.includes(words)).length;

const blocked: Scene = {
  givenUp: 1,
  name: 'A customer who blocked the page: the agent is told',
  play: async (stage) => {
    await writes(stage, 'Never write to me again');
    stage.world.messenger.block(stage.customer.user, true);
    await answers(stage, '<p>As you wish.</p>');
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Never write to me again'),
    is('bubbles', stage.customer.received().length, 0),
    ...toldOfFailure(stage, /block|not available|does not want|cannot receive/i),
  ],
};

const day = 86_400_000;

const windowClosed: Scene = {
  givenUp: 1,
  name: 'Eight days later nobody may answer: the agent is told',
  play: async (stage) => {
    await writes(stage, 'No hurry');
    stage.world.messenger.ageLastContact(stage.customer.user, 8 * day);
    await answers(stage, '<p>Sorry for the wait.</p>');
  },
  expect: (stage) => [
    ...broughtOver(stage, 'No hurry'),
    is('bubbles', stage.customer.received().length, 0),
    ...toldOfFailure(stage, /window|24 hours|7 days|within|the time in which/i),
  ],
};

const humanAgent: Scene = {
  name: 'Two days later a person may still answer',
  play: async (stage) => {
    const at = new Date(Date.now() - 2 * day);
    await stage.customer.says('Written on Friday', { at });
    await until('a ticket', () => stage.customer.ticket());
    await answers(stage, '<p>Answered on Sunday.</p>');
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Written on Friday'),
    is(
      'bubbles and their tags',
      stage.customer.received().map(({ text, tag }) => [text, tag]),
      [['Answered on Sunday.', 'HUMAN_AGENT']],
    ),
    ...noFailure(stage),
  ],
};

export const agentAnswers: Scene[] = [
  formatted,
  severalFiles,
  privateNote,
  longReply,
  inboxEcho,
  blocked,
  windowClosed,
  humanAgent,
];

import type { ChannelSandbox } from '../../contract.ts';
import { type Fact, holds, is, orderOf } from '../fact.ts';
import { until } from '../patience.ts';
import { photo } from '../sample-files.ts';
import { answers, carried, onTicket, type Scene, type Stage } from '../scene.ts';

const question = 'Does the tent fit three? 👩‍👩‍👧 « ñ »';
const replies = ['It fits three and a dog.', 'And it is blue.'];
const secret = 'Not for the customer';
const picture = photo(60);
const drawing = photo(90);

/** What every channel promises, on one: there and back, each thing once, though every webhook comes three times. */
export const thereAndBack = (sandbox: ChannelSandbox): Scene => ({
  name: `${sandbox.label}: there and back, once, in order`,
  on: sandbox.kind,
  play: async (stage) => {
    const { webhooks } = stage.channel.simulator;
    webhooks.copies = 3;
    try {
      await asks(stage);
      await isAnswered(stage);
    } finally {
      webhooks.copies = 1;
    }
  },
  expect: (stage) => [
    ...carried(stage, question),
    is('requester', stage.customer.ticket()?.requester.externalId, stage.customer.key),
    is('pictures on the ticket', filesOf(stage), sendsPictures(stage) ? [['image/png', picture.bytes.length]] : []),
    is('answers on the phone, in order', onPhone(stage), [...replies, drawing.bytes.length]),
    is(
      'internal notes',
      stage.customer.notes().map((note) => note.body),
      [secret],
    ),
    receipts(stage),
  ],
  inTheEnd: ({ customer }) => [
    is('all of it in the history, in order', orderOf([question, ...replies], customer.transcript()), [
      question,
      ...replies,
    ]),
  ],
});

async function asks(stage: Stage): Promise<void> {
  await stage.customer.says(question);
  if (sendsPictures(stage)) await stage.customer.sends({ type: 'image', files: [picture] });
  await onTicket(stage, question);
}

async function isAnswered(stage: Stage): Promise<void> {
  const { channel, customer } = stage;
  await answers(stage, `<p>${secret}</p>`, { internal: true });
  await answers(stage, `<p>${replies[0]}</p>`);
  await answers(stage, `<p>${replies[1]}</p>`, { files: [drawing] });
  await until('both answers', () => onPhone(stage).length > replies.length);
  await channel.simulator.customerReads?.(customer.user);
}

const sendsPictures = ({ channel }: Stage): boolean => channel.sandbox.sends.includes('image');

/** Words and files, whether they come as one bubble or as several. */
const onPhone = ({ customer }: Stage) =>
  customer
    .received()
    .flatMap(({ text, attachments }) => [text, ...attachments.map(({ bytes }) => bytes)])
    .filter((each) => each !== undefined);

const filesOf = ({ customer }: Stage) =>
  customer.comments().flatMap(({ attachments }) => attachments.map(({ contentType, bytes }) => [contentType, bytes]));

/** Some platforms tell what was read, some what was delivered. */
function receipts({ channel, customer }: Stage): Fact {
  const bubbles = customer.received();
  return channel.simulator.customerReads === undefined
    ? holds(
        'each was delivered',
        bubbles.every(({ delivered }) => delivered),
      )
    : holds(
        'each was read',
        bubbles.every(({ read }) => read),
      );
}

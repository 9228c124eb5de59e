import { is, orderOf } from '../fact.ts';
import { broughtOver, noFailure, type Scene, type Stage, writes } from '../scene.ts';

const first = 'The zip is broken';
const second = 'It broke again';

const writesAfter =
  (status: 'solved' | 'closed' | 'deleted') =>
  async (stage: Stage): Promise<void> => {
    const ticket = await writes(stage, first);
    stage.world.zendesk.setStatus(ticket.id, status);
    await stage.customer.says(second);
  };

const solved: Scene = {
  name: 'A solved ticket reopens',
  play: writesAfter('solved'),
  expect: (stage) => [
    ...broughtOver(stage, first, second),
    is('status', stage.customer.ticket()?.status, 'open'),
    ...noFailure(stage),
  ],
};

const closed: Scene = {
  name: 'A closed ticket leads to a linked follow-up',
  play: writesAfter('closed'),
  expect: (stage) => twoTickets(stage, stage.customer.tickets()[0]?.id ?? null),
};

const deleted: Scene = {
  name: 'A deleted ticket leads to a new one',
  play: writesAfter('deleted'),
  expect: (stage) => twoTickets(stage, null),
};

function twoTickets(stage: Stage, followupSourceId: number | null) {
  const { customer } = stage;
  const tickets = customer.tickets();
  return [
    is(
      'messages, ticket by ticket',
      tickets.map((ticket) => orderOf([first, second], ticket.comments.map((comment) => comment.body).join('\n'))),
      [[first], [second]],
    ),
    is('the second follows up', tickets[1]?.followupSourceId, followupSourceId),
    is('contacts', customer.contacts().length, 1),
    is('history entries', customer.tasks().length, 2),
    is('messages in the history', orderOf([first, second], customer.transcript()), [first, second]),
    ...noFailure(stage),
  ];
}

export const ticketLife: Scene[] = [solved, closed, deleted];

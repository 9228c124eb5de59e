import { crmAdminKey } from '../../demo/account-data.ts';
import { holds, is } from '../fact.ts';
import { until } from '../patience.ts';
import { onTicket, type Scene, type Stage } from '../scene.ts';

/** As the CRM admin does it by the API. */
async function admin({ world }: Stage, path: string, body?: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${world.service.url}/v1${path}`, {
    method: body ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${crmAdminKey}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  return (await response.json()) as Record<string, unknown>;
}

/** The number under which the service keeps the scene's customer. */
async function numberOf(stage: Stage): Promise<number | undefined> {
  const { items } = await admin(stage, `/customers?meant=user:${stage.customer.user}`);
  return (items as { customer: number }[])[0]?.customer;
}

const tellsTheirAddress = async (stage: Stage, email: string): Promise<void> => {
  await stage.customer.sends({ type: 'text', text: email, quickReply: email });
  await onTicket(stage, email);
};

const whoTheHistoryIsAbout = ({ customer }: Stage) => customer.tasks().map((task) => task['WhoId'] ?? null);
const notesOf = ({ customer }: Stage) => customer.notes().map(({ body }) => body);

/** Two candidates, chosen between by an admin. */
function resolved(): Scene {
  let ids: string[] = [];
  return {
    name: 'Two contacts match: the chat goes on, and an admin says which one it is',
    play: async (stage) => {
      const { world, customer } = stage;
      const Email = `${customer.user}@two.example`;
      ids = ['Ann', 'Anne'].map((FirstName) => world.salesforce.add('Contact', { FirstName, LastName: 'Both', Email }));
      await tellsTheirAddress(stage, Email);
      const number = await until('the customer', () => numberOf(stage));
      const asked = await until('a question', async () => {
        const { items } = await admin(stage, `/questions?customer=${number}`);
        return (items as { id: number }[])[0];
      });
      await admin(stage, `/questions/${asked.id}/choose`, { record: ids[1] ?? '', why: 'she told us on the phone' });
    },
    expect: (stage) => [
      is('tickets', stage.customer.tickets().length, 1),
      is('who the history is about', whoTheHistoryIsAbout(stage), [ids[1] ?? '']),
      is('contacts made for the customer', stage.customer.contacts().length, 0),
      holds(
        'agents are told that it was not clear, and then who it is',
        notesOf(stage).some((note) => note.startsWith('Several contacts')) &&
          notesOf(stage).some((note) => note.includes('Anne Both') && note.includes('on the phone')),
        notesOf(stage),
      ),
    ],
  };
}

/** A wrong link is cut, put back, and the history moved to the right contact in the end. */
function undone(): Scene {
  let right = '';
  let wrong = '';
  return {
    name: 'A wrong link is undone on both sides',
    play: async (stage) => {
      const { world, customer } = stage;
      const Email = `${customer.user}@desk.example`;
      wrong = world.salesforce.add('Contact', { FirstName: 'Wrong', LastName: 'Person', Email });
      right = world.salesforce.add('Contact', { FirstName: 'Right', LastName: 'Person' });
      await tellsTheirAddress(stage, Email);
      await until('history of the wrong contact', () => whoTheHistoryIsAbout(stage)[0] === wrong);
      const number = await until('the customer', () => numberOf(stage));
      const at = 'acme-salesforce';
      const { act } = await admin(stage, `/customers/${number}/cut`, { at, why: 'the address of a shared desk' });
      await until('history of nobody', () => whoTheHistoryIsAbout(stage)[0] === null);
      await admin(stage, `/link-acts/${act}/undo`, { why: 'too early' });
      await until('history as before', () => whoTheHistoryIsAbout(stage)[0] === wrong);
      await admin(stage, `/customers/${number}/cut`, { at, to: right, why: 'now it is known' });
    },
    expect: (stage) => {
      const told = [/wrong contact, Wrong Person.*shared desk/, /too early/, /now it is known/];
      const history = stage.customer.transcript();
      return [
        is('history entries', stage.customer.tasks().length, 1),
        is('who the history is about', whoTheHistoryIsAbout(stage), [right]),
        is(
          'history left with the wrong contact',
          stage.world.salesforce.records('Task').filter(({ WhoId }) => WhoId === wrong).length,
          0,
        ),
        holds(
          'Salesforce says what was corrected',
          told.every((each) => each.test(history)),
          history,
        ),
        holds(
          'agents are told each time',
          told.every((each) => notesOf(stage).some((note) => each.test(note))),
          notesOf(stage),
        ),
      ];
    },
  };
}

export const matching = (): Scene[] => [resolved(), undone()];

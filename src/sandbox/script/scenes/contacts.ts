import { holds, is } from '../fact.ts';
import { broughtOver, noFailure, type Scene, writes } from '../scene.ts';

const known: Scene = {
  name: 'A contact that Salesforce knows is used',
  play: async (stage) => {
    const { customer, world } = stage;
    world.salesforce.add('Contact', { LastName: 'Known for years', Passerelle_Key__c: customer.key });
    await writes(stage, 'It is me again');
  },
  expect: (stage) => [
    ...broughtOver(stage, 'It is me again'),
    is(
      'its name is left alone',
      stage.customer.contacts().map((contact) => contact['LastName']),
      ['Known for years'],
    ),
    ...noFailure(stage),
  ],
};

const email = 'two.people@example.com';

const ambiguous: Scene = {
  name: 'Two contacts match: nobody is guessed',
  play: async ({ customer, world }) => {
    for (const FirstName of ['Ann', 'Anne'])
      world.salesforce.add('Contact', { FirstName, LastName: 'Two', Email: email });
    await customer.sends({ type: 'text', text: email, quickReply: email });
  },
  expect: ({ customer, world }) => {
    const twins = world.salesforce.records('Contact').filter((contact) => contact['Email'] === email);
    return [
      is('tickets', customer.tickets().length, 1),
      is('contacts with the address', twins.length, 2),
      is('contacts made for the customer', customer.contacts().length, 0),
      holds(
        'no history is tied to a guess',
        customer.tasks().every((task) => !task['WhoId']),
      ),
      holds('somebody is told on the ticket', customer.notes().length === 1, customer.notes().length),
    ];
  },
};

export const contacts: Scene[] = [known, ambiguous];

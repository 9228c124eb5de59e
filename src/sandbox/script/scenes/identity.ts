import { shopKey } from '../../demo/account-data.ts';
import { holds, is } from '../fact.ts';
import { noFailure, onTicket, type Scene, type Stage } from '../scene.ts';

/** The shop gives its customer a link that ties this account's chat to them. */
async function linkFor({ world, channel }: Stage, customerId: string, email: string): Promise<string> {
  const response = await fetch(`${world.service.url}/v1/links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shopKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ customerId, email, account: channel.account, note: 'Opened from the page of order 778' }),
  });
  const { links } = (await response.json()) as { links: { url: string }[] };
  return links[0]!.url;
}

const emailOf = ({ customer }: Stage) => `${customer.user}@shop.example`;

const signedLink: Scene = {
  name: 'A signed link leads to the right contact',
  play: async (stage) => {
    const { world, channel, customer } = stage;
    world.salesforce.add('Contact', { LastName: 'From the shop', Email: emailOf(stage) });
    const url = await linkFor(stage, `shop-${customer.user}`, emailOf(stage));
    await channel.simulator.customerOpens!(customer.user, url);
    await customer.says('Where is my order?');
    await onTicket(stage, 'Where is my order?');
  },
  expect: (stage) => {
    const { customer, world } = stage;
    const theirs = world.salesforce.records('Contact').filter((contact) => contact['Email'] === emailOf(stage));
    const notes = customer.notes().map(({ body }) => body);
    return [
      is('tickets', customer.tickets().length, 1),
      is('contacts with the address', theirs.length, 1),
      is(
        'who the history is about',
        customer.tasks().map((task) => task['WhoId']),
        theirs.map(({ Id }) => Id),
      ),
      holds(
        'agents are told who it is, and what the shop adds',
        notes.some((note) => note.includes(`shop-${customer.user}`) && note.includes('order 778')),
        notes,
      ),
      is(
        'tags of failure',
        customer.tickets().flatMap(({ tags }) => tags.filter((tag) => tag.includes('failed'))),
        [],
      ),
    ];
  },
};

const statedOnly: Scene = {
  name: 'An e-mail that was only typed is shown, but not written to the contact',
  play: async (stage) => {
    await stage.customer.says(`I am ${emailOf(stage)}`);
    await onTicket(stage, `I am ${emailOf(stage)}`);
  },
  expect: (stage) => [
    is('contacts', stage.customer.contacts().length, 1),
    is(
      'e-mail of the contact',
      stage.customer.contacts().map((contact) => contact['Email'] ?? null),
      [null],
    ),
    ...noFailure(stage),
  ],
};

export const identity: Scene[] = [signedLink, statedOnly];

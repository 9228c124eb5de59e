import type { Bubble, SalesforceRecord } from '../../contract.ts';
import { keyOf } from '../../demo/channels.ts';
import type { World } from '../../demo/world.ts';
import { holds, is } from '../fact.ts';
import { until } from '../patience.ts';
import { photo } from '../sample-files.ts';
import type { Scene } from '../scene.ts';

const question = 'Can I pay on delivery?';
const answer = 'Yes, the form is here.';
const thanks = 'Thank you, one more thing';
const picture = photo(201);
const note = 'Ask accounting first';

/** What is in Salesforce of the one customer of this scene, and on their phone. */
const sidesOf = ({ cases, salesforce }: World, user: string) => {
  const key = keyOf(cases, user);
  const theirs = () => salesforce.records('Case').filter((each) => String(each['Passerelle_Key__c']).startsWith(key));
  const comments = () =>
    salesforce.records('CaseComment').filter(({ ParentId }) => theirs().some(({ Id }) => Id === ParentId));
  const received = (): Bubble[] =>
    cases.simulator
      .threads()
      .find((thread) => thread.user === user)!
      .bubbles.filter(({ from }) => from === 'page');
  return { theirs, comments, received };
};

const bodies = (comments: readonly SalesforceRecord[]): string =>
  comments.map((each) => each['CommentBody']).join('\n');

/** Where agents work in Salesforce: a chat is a Case, what they answer in public comes to the phone, a note does not. */
export function salesforceAgents(): Scene {
  let user = '';
  return {
    name: 'A Salesforce agent’s reply reaches the chat',
    play: async ({ world, customer }) => {
      const { cases, salesforce } = world;
      user = cases.sandbox.user(1);
      cases.simulator.addCustomer({ user, name: customer.name });
      const sides = sidesOf(world, user);
      await cases.simulator.customerSends(user, { type: 'text', text: question });
      const { Id } = await until('a Case with the question', () =>
        bodies(sides.comments()).includes(question) ? sides.theirs()[0] : undefined,
      );
      salesforce.agentWrites(Id, { text: note, public: false });
      salesforce.agentWrites(Id, { text: `${answer}\n/file ${picture.name}`, public: true, files: [picture] });
      await until('the answer and its file', () => sides.received().length >= 2);
      salesforce.agentChanges('Case', Id, { Status: 'Closed' });
      await cases.simulator.customerSends(user, { type: 'text', text: thanks });
      await until('the second message', () => bodies(sides.comments()).includes(thanks));
    },
    expect: ({ world }) => {
      const { theirs, comments, received } = sidesOf(world, user);
      const said = bodies(comments());
      return [
        is('Cases', theirs().length, 1),
        is('the Case is open again', theirs()[0]?.['IsClosed'], false),
        is('the question is on it, once', said.split(question).length - 1, 1),
        is('so is what came after', said.split(thanks).length - 1, 1),
        is(
          'what arrived on the phone',
          received().map(({ text, attachments }) => text ?? attachments[0]?.bytes),
          [answer, picture.bytes.length],
        ),
        holds('the Case is tied to a contact', Boolean(theirs()[0]?.['ContactId'])),
        is(
          'history beside the Case',
          world.salesforce.records('Task').filter((task) => String(task['Description']).includes(question)).length,
          0,
        ),
        is('tickets in Zendesk', JSON.stringify(world.zendesk.tickets()).includes(question), false),
      ];
    },
  };
}

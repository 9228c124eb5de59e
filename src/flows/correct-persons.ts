import { conversationKey } from '../domain/conversation-key.ts';
import type { Tx } from '../store/database.ts';
import { type HeldPerson, heldPersons } from '../store/held-persons.ts';
import { addMessage } from '../store/messages.ts';
import type { Doing } from './correct-history.ts';
import type { Operations } from './operations.ts';
import { helpdeskOf } from './world.ts';

/** Who the customers of these conversations are at the helpdesk, by conversation. */
export type Persons = ReadonlyMap<number, HeldPerson>;

export async function personsOf(tx: Tx, customers: readonly number[]): Promise<Persons> {
  return new Map((await heldPersons(tx, { customers })).map((held) => [held.conversation, held]));
}

/** Where an act made somebody another user of the helpdesk, the agents are told. Returns in how many conversations. */
export async function notePersons(
  tx: Tx,
  { queue, accounts }: Pick<Operations, 'queue' | 'accounts'>,
  before: Persons,
  { act, who, why, now }: Doing,
): Promise<number> {
  const after = await heldPersons(tx, { conversations: [...before.keys()] });
  const moved = after.filter(({ conversation, person }) => person !== before.get(conversation)?.person);
  for (const { conversation, account, platformUser, person } of moved) {
    const connected = accounts.get(account);
    if (!connected) continue;
    const change = changeOf(before.get(conversation)?.person, person);
    const text = `${change} Decided by ${who} (act ${act})${why ? `: ${why}` : ''}.`;
    await addMessage(
      tx,
      {
        conversation,
        kind: 'note',
        author: 'service',
        platformId: `note:link-act:${act}:person`,
        parts: [{ type: 'text', text }],
        at: now,
      },
      [helpdeskOf(connected)],
    );
    await queue.wake(tx, [{ queue: 'conversation', key: conversationKey(account, platformUser) }]);
  }
  return moved.length;
}

function changeOf(from: string | undefined, to: string | undefined): string {
  if (to === undefined)
    return `The customer was tied to the wrong user here (${from}). What they wrote so far stands under that user’s name; from now on they have a user of their own.`;
  if (from === undefined) return `The customer is user ${to} here.`;
  return `The customer is user ${to} here, not ${from}. What they wrote so far stands under the other’s name.`;
}

import { accounts, messengerAccount } from '../../demo/account-data.ts';
import { is } from '../fact.ts';
import type { Scene, Stage } from '../scene.ts';

/** A webhook that Messenger did not send is refused, and leaves nothing behind. */
export function forgedScene(): Scene {
  const statuses: number[] = [];
  return {
    name: 'A forged webhook is refused',
    play: async (stage) => {
      statuses.push(await post(stage, { 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` }));
      statuses.push(await post(stage, {}));
    },
    expect: ({ customer, world }) => [
      is('answers', statuses, [401, 401]),
      is('tickets', customer.tickets().length, 0),
      is('contacts', customer.contacts().length, 0),
      is('words anywhere', JSON.stringify(world.zendesk.tickets()).includes(words), false),
    ],
  };
}

const words = 'I am not who I say I am';

async function post({ world, customer }: Stage, headers: Record<string, string>): Promise<number> {
  const at = Date.now();
  const message = { mid: `m_forged_${at}`, text: words };
  const { pageId } = messengerAccount;
  const item = { sender: { id: customer.user }, recipient: { id: pageId }, timestamp: at, message };
  const body = { object: 'page', entry: [{ id: pageId, time: at, messaging: [item] }] };
  const answer = await fetch(`${world.service.url}/webhooks/messenger/${accounts.messenger}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return answer.status;
}

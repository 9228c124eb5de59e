import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { line, sms, telegram } from '../../src/sandbox/channels.ts';
import { consentProofs, consentStates } from '../../src/store/consents.ts';
import { type ChannelsProduct, startChannelsProduct } from '../support/channel-product.ts';
import { until } from '../support/until.ts';

let product: ChannelsProduct;
beforeAll(async () => {
  const stopped = { text: 'You are out.' };
  product = await startChannelsProduct([sms, line, telegram], {}, { automaticTexts: { consent: { stopped } } });
});
afterAll(() => product?.stop());

const of = (kind: string) => product.played.find(({ sandbox }) => sandbox.kind === kind)!;
async function customerOf(user: string): Promise<number> {
  const row = await until('the conversation', () =>
    product.db.selectFrom('conversations').select('customer').where('platform_user', '=', user).executeTakeFirst(),
  );
  return row.customer;
}
const stands = (user: string, expected: string) =>
  until(`${user}: ${expected}`, async () => {
    const states = await consentStates(product.db, await customerOf(user));
    return states.map(({ channel, purpose, state }) => `${channel} ${purpose} ${state}`).join() === expected;
  });

async function says(kind: string, n: number, text: string): Promise<string> {
  const { sandbox, platform } = of(kind);
  const user = sandbox.user(n);
  if (!platform.threads().some((thread) => thread.user === user)) platform.addCustomer({ user, name: `Customer ${n}` });
  await platform.customerSends(user, { type: 'text', text });
  return user;
}
const answersTo = (kind: string, user: string) =>
  of(kind)
    .platform.threads()
    .find((thread) => thread.user === user)!
    .bubbles.filter(({ from }) => from === 'page')
    .map(({ text }) => text);

test('Twilio’s STOP and START are one act each, which Twilio answers itself', async () => {
  const user = await says('sms', 1, 'STOP');
  await stands(user, 'sms * revoked');
  await says('sms', 1, 'START');
  await stands(user, 'sms * granted');
  const acts = (await consentProofs(product.db, await customerOf(user))).map(({ act, source }) => `${act} ${source}`);
  expect(acts).toEqual(['revoked platform', 'granted platform']);
  expect(answersTo('sms', user)).not.toContain('You are out.');
});

test('a word that Twilio does not know is ours to take, and to answer', async () => {
  const user = await says('sms', 2, 'Désabonner');
  await stands(user, 'sms * revoked');
  await until('the answer', () => answersTo('sms', user).includes('You are out.'));
});

test('what an opted-out number refuses goes on record', async () => {
  const user = await says('sms', 3, 'STOP');
  await stands(user, 'sms * revoked');
  // As if the word itself had never come here.
  await product.db
    .deleteFrom('consent_states')
    .where('customer', '=', await customerOf(user))
    .execute();
  await product.db
    .deleteFrom('consents')
    .where('customer', '=', await customerOf(user))
    .execute();
  await says('sms', 3, 'Stopp');
  await until('the refusal', async () =>
    (await consentProofs(product.db, await customerOf(user))).some(
      ({ source, words, event }) => source === 'platform' && words?.includes('21610') && event?.startsWith('refused:'),
    ),
  );
});

test.each(['line', 'telegram'])(
  'who blocks the account on %s has stopped everything there, until they take it back',
  async (kind) => {
    const user = await says(kind, 4, 'Hello');
    await of(kind).platform.block?.(user, true);
    await stands(user, `${kind} * revoked`);
    // Some platforms tell whole seconds, and of two acts in one second the no counts.
    await sql`update consents set at = at - interval '2 seconds'`.execute(product.db);
    await of(kind).platform.block?.(user, false);
    await stands(user, `${kind} * granted`);
  },
);

import { done, type Outcome } from '../../../domain/outcome.ts';
import type { SetupKind, SetupSecret, SetupTarget } from '../../../domain/setup.ts';
import { Secret } from '../../../kit/secret.ts';
import type { HelpdeskSetupWish } from '../../helpdesk.ts';
import type { ZendeskAccount } from '../account.ts';
import type { ZendeskApi } from '../api.ts';
import { attempt } from '../outcome.ts';
import { userBody } from '../wire.ts';
import { setupKindOf } from './kinds.ts';
import { signingSecret } from './signing-secret.ts';
import { macros, ticketFields, triggers, views, webhooks } from './wire-kinds.ts';

/** All that Passerelle wants at a Zendesk: what calls it back, and what helps agents. Needs an administrator's login. */
export async function zendeskSetup(
  api: ZendeskApi,
  account: ZendeskAccount,
  wish: HelpdeskSetupWish,
): Promise<Outcome<SetupTarget<Secret>>> {
  const me = await attempt('repeatable', () => api.get(userBody, ['users', 'me']));
  if (me.result !== 'done') return me;
  const { id, role } = me.value.user;
  if (id === null || role !== 'admin') return notPermitted(role ?? 'nobody');
  const setup = { account: account.id, wish, self: id };
  const hooks = remembering(setupKindOf(api, webhooks(setup)));
  return done({
    kinds: [
      hooks.kind,
      setupKindOf(api, triggers(setup, api, hooks.ours)),
      setupKindOf(api, ticketFields(setup)),
      setupKindOf(api, views(setup)),
      setupKindOf(api, macros(setup)),
    ],
    secrets: () => secretOf(api, account, hooks.ours),
  });
}

const notPermitted = (role: string): Outcome<never> => ({
  result: 'account-broken',
  why: `Zendesk lets only administrators set up webhooks and triggers, and the user this service logs in as is ${role}. Make it an administrator for as long as this takes (Admin Center, People, Team members).`,
});

/** Which webhooks are ours, for those who ask which triggers call them. */
function remembering(kind: SetupKind) {
  let ours = new Set<string>();
  return {
    ours: () => ours,
    kind: {
      ...kind,
      present: async () => {
        const present = await kind.present();
        if (present.result === 'done') ours = new Set(present.value.filter(({ key }) => key).map(({ id }) => id));
        return present;
      },
      create: async (thing) => {
        const made = await kind.create(thing);
        if (made.result === 'done') ours.add(made.value);
        return made;
      },
    } satisfies SetupKind,
  };
}

async function secretOf(
  api: ZendeskApi,
  account: ZendeskAccount,
  ours: () => ReadonlySet<string>,
): Promise<Outcome<SetupSecret<Secret>[]>> {
  const [webhook] = ours();
  if (webhook === undefined) return done([]);
  const read = await signingSecret(api, webhook);
  if (read.result !== 'done') return read;
  const configured = account.webhookSecret?.reveal() === read.value;
  return done([{ place: `helpdesks, ${account.id}: webhookSecret`, value: new Secret(read.value), configured }]);
}

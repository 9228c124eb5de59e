import { done, type Outcome } from '../../../domain/outcome.ts';
import type { SetupHint, SetupKind, SetupSecret, SetupTarget } from '../../../domain/setup.ts';
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
  const fields = remembering(setupKindOf(api, ticketFields(setup)));
  return done({
    kinds: [
      hooks.kind,
      setupKindOf(
        api,
        triggers(setup, api, () => new Set(hooks.ids.values())),
      ),
      fields.kind,
      setupKindOf(api, views(setup)),
      setupKindOf(api, macros(setup)),
    ],
    secrets: () => secretOf(api, account, hooks.ids.get('webhook')),
    hints: () => hintsOf(account, fields.ids.get('answer-until')),
  });
}

const notPermitted = (role: string): Outcome<never> => ({
  result: 'account-broken',
  why: `Zendesk lets only administrators set up webhooks and triggers, and the user this service logs in as is ${role}. Make it an administrator for as long as this takes (Admin Center, People, Team members).`,
});

/** The ids of what is ours, by key, for those who need them elsewhere. */
function remembering(kind: SetupKind): { ids: ReadonlyMap<string, string>; kind: SetupKind } {
  const ids = new Map<string, string>();
  const present: SetupKind['present'] = async () => {
    const found = await kind.present();
    if (found.result !== 'done') return found;
    ids.clear();
    for (const { key, id } of found.value) if (key !== undefined && !ids.has(key)) ids.set(key, id);
    return found;
  };
  const create: SetupKind['create'] = async (thing) => {
    const made = await kind.create(thing);
    if (made.result === 'done') ids.set(thing.key, made.value);
    return made;
  };
  return { ids, kind: { ...kind, present, create } };
}

async function secretOf(
  api: ZendeskApi,
  account: ZendeskAccount,
  webhook: string | undefined,
): Promise<Outcome<SetupSecret<Secret>[]>> {
  if (webhook === undefined) return done([]);
  const read = await signingSecret(api, webhook);
  if (read.result !== 'done') return read;
  const configured = account.webhookSecret?.reveal() === read.value;
  return done([{ place: `helpdesks, ${account.id}: webhookSecret`, value: new Secret(read.value), configured }]);
}

function hintsOf({ id, answerUntilField }: ZendeskAccount, field: string | undefined): SetupHint[] {
  if (field === undefined || field === answerUntilField) return [];
  const what = 'agents then see until when an answer reaches the customer.';
  return [{ setting: `helpdesks, ${id}: answerUntilField: ${field}`, what }];
}

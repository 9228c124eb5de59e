import { conversationKey } from '../domain/conversation-key.ts';
import { externalIdOf } from '../domain/external-id.ts';
import { crmTarget, helpdeskTarget } from '../domain/target.ts';
import type { WakeUp } from '../queue/wake-up.ts';
import { type AuditEntry, audited } from '../store/audit.ts';
import { keepConsentProofs } from '../store/consent-proofs.ts';
import type { Tx } from '../store/database.ts';
import {
  type Belongings,
  belongingsOf,
  deleteBelongings,
  forgetCandidates,
  lockBelongings,
} from '../store/erase-rows.ts';
import { haveDigestKey, rememberErased } from '../store/erased-users.ts';
import {
  consentPlaces,
  contactPlaces,
  copyKeys,
  historyPlaces,
  type PersonPlace,
  personPlaces,
  ticketPlaces,
} from '../store/erasure-places.ts';
import { addDoneStep, addErasure, addSteps, type Erasure, type NewStep, setErasure } from '../store/erasures.ts';
import { lockActs } from '../store/link-acts.ts';
import { lockConversation } from '../store/locks.ts';
import type { Operations } from './operations.ts';

export interface Forgetting {
  customer: number;
  /** Who asks: `cli:ann`, `key:shop`, `platform:…`. */
  who: string;
  /** Goes on with one that a platform asked for. */
  erasure?: Pick<Erasure, 'id' | 'code'>;
}

/**
 * Forgets a customer: the ledger at once, in this transaction, and every other place by the job `erasures`, whose steps are
 * written here with the ids they need. Undefined: there is no such customer. See docs/guides/privacy.md.
 */
export async function forgetCustomer(
  operations: Operations,
  forgetting: Forgetting,
): Promise<Pick<Erasure, 'id' | 'code'> | undefined> {
  const { db, queue } = operations;
  return db.transaction().execute(async (tx) => {
    const theirs = await lockedBelongings(tx, forgetting.customer);
    if (!theirs) return undefined;
    const { customer, who } = forgetting;
    const erasure = forgetting.erasure ?? (await addErasure(tx, { customer, askedBy: who }));
    const steps = await stepsFor(tx, operations, theirs);
    await haveDigestKey(tx);
    await rememberErased(tx, theirs.users);
    await keepConsentProofs(tx, theirs);
    await forgetCandidates(
      tx,
      (await contactPlaces(tx, theirs)).filter(({ ours }) => ours).map(({ contact }) => contact),
    );
    const rows = await deleteBelongings(tx, theirs);
    await addDoneStep(tx, erasure.id, { place: 'ledger', what: 'rows', count: rows });
    await addSteps(tx, erasure.id, steps);
    await setErasure(tx, erasure.id, { state: 'working', customer, forgetAsked: true });
    await audited(tx, auditOf(erasure, forgetting, rows));
    await queue.wake(tx, [
      { queue: 'erasures', key: String(erasure.id) },
      { queue: 'vault-sweep', key: 'vault' },
    ]);
    return erasure;
  });
}

const auditOf = (erasure: Pick<Erasure, 'code'>, { customer, who }: Forgetting, rows: number): AuditEntry => ({
  who,
  what: 'erase',
  subject: `customer ${customer}`,
  detail: { code: erasure.code, rows },
});

/** Nobody applies events of theirs, nor joins them with somebody, until this transaction ends. */
async function lockedBelongings(tx: Tx, customer: number): Promise<Belongings | undefined> {
  await lockActs(tx);
  const before = await belongingsOf(tx, customer);
  for (const key of keysOf(before)) await lockConversation(tx, key);
  if (before) await lockBelongings(tx, before);
  return belongingsOf(tx, customer);
}

const keysOf = (theirs: Belongings | undefined): string[] =>
  (theirs?.users ?? []).map(({ account, name }) => conversationKey(account, name)).toSorted();

async function stepsFor(tx: Tx, { accounts }: Operations, theirs: Belongings): Promise<NewStep[]> {
  const tickets = await ticketPlaces(tx, theirs);
  const persons = await personPlaces(tx, theirs);
  const copies = await copyKeys(tx, theirs);
  const jobs: WakeUp[] = [
    ...keysOf(theirs).map((key) => ({ queue: 'conversation', key }) as const),
    ...theirs.conversations.flatMap((id) =>
      (['sends', 'history'] as const).map((queue) => ({ queue, key: String(id) })),
    ),
    ...(await consentPlaces(tx, theirs)).map(({ crm }) => ({ queue: 'crm-consents', key: crm }) as const),
    ...theirs.customers.map((id) => ({ queue: 'notices', key: String(id) }) as const),
    ...copies.flatMap((key) => messageIn(key).map((id) => ({ queue: 'media', key: id }) as const)),
    ...tickets.flatMap(({ helpdesk, remoteId }) =>
      remoteId === null ? [] : [{ queue: 'replies', key: `${helpdesk}|${remoteId}` } as const],
    ),
  ];
  const traces = {
    names: [...theirs.users.map(({ name }) => name), ...theirs.facts.map(({ compared }) => compared)],
    tickets: tickets.flatMap(({ remoteId }) => remoteId ?? []),
  };
  return [
    { place: 'ledger', what: 'work under way', ref: { jobs } },
    { place: 'ledger', what: 'raw webhooks', ref: { ...traces, after: 0 } },
    { place: 'ledger', what: 'kept events', ref: { ...traces, after: 0 } },
    ...(copies.length > 0 ? [{ place: 'vault', what: 'files', ref: { keys: copies } } as const] : []),
    ...tickets.map(
      ({ helpdesk, ...ticket }): NewStep => ({ place: helpdeskTarget(helpdesk), what: 'ticket', ref: { ...ticket } }),
    ),
    ...persons.flatMap((each) => personStep(accounts, each)),
    ...(await crmSteps(tx, theirs)),
  ];
}

/** Of the key of a copy: the message whose file it is. */
const messageIn = (key: string): string[] => [/\/(\d+)-\d+$/.exec(key)?.[1] ?? []].flat();

function personStep(accounts: Operations['accounts'], place: PersonPlace): NewStep[] {
  const account = accounts.get(place.account)?.account;
  if (!account?.helpdesk || place.person === null) return [];
  const externalId = externalIdOf(account.kind, account.id, place.platformUser);
  const ref = { person: place.person, externalId, ours: !place.shared };
  return [{ place: helpdeskTarget(account.helpdesk), what: 'person', ref }];
}

async function crmSteps(tx: Tx, theirs: Belongings): Promise<NewStep[]> {
  const history = await historyPlaces(tx, theirs);
  const consents = await consentPlaces(tx, theirs);
  const contacts = await contactPlaces(tx, theirs);
  return [
    ...history.map(({ crm, ...ref }): NewStep => ({ place: crmTarget(crm), what: 'history', ref: { ...ref } })),
    ...consents.map(({ crm, ...ref }): NewStep => ({ place: crmTarget(crm), what: 'consents', ref: { ...ref } })),
    ...contacts.map(({ crm, ...ref }): NewStep => ({ place: crmTarget(crm), what: 'contact', ref: { ...ref } })),
  ];
}

import { type CustomerConfidence, confidenceOf } from '../domain/ticket-signs.ts';
import { nameOf } from '../flows/world.ts';
import type { KeptLink } from '../store/contacts.ts';
import type { Question } from '../store/questions.ts';
import { strongestEvidence } from '../store/ticket-signs.ts';
import { type WhoIs, whoIs } from '../store/who-is.ts';
import type { AgentAppParts, Asked } from './parts.ts';
import type { ContactView, CustomerView, QuestionView } from './wire.ts';

/** Who the customer is, how that is known, and what an agent can decide about it. */
export async function customerView({ world }: AgentAppParts, asked: Asked): Promise<CustomerView> {
  const { conversation, connected } = asked;
  const { db, crms } = world;
  const { id, facts } = conversation.customer;
  const [who, strongest] = await Promise.all([whoIs(db, id), strongestEvidence(db, id)]);
  return {
    id,
    name: nameOf(connected, conversation),
    confidence: confidenceOf(strongest) satisfies CustomerConfidence,
    facts: facts.map(({ kind, value, evidence }) => ({ kind, value, evidence })),
    contacts: who?.links.map(({ crm, link }) => contactView(crms, crm, link)) ?? [],
    crm: connected.account.crm ?? null,
    questions: who?.questions.map(questionView) ?? [],
    lastAct: lastAct(who),
  };
}

function contactView(crms: AgentAppParts['world']['crms'], crm: string, link: KeptLink): ContactView {
  const contact = link.state === 'linked' ? link.contact : undefined;
  return {
    ...{ crm, state: link.state, evidence: link.evidence },
    id: contact?.id ?? null,
    object: contact?.object ?? null,
    name: contact?.name ?? null,
    url: contact ? (crms.get(crm)?.session.recordUrl(contact.id) ?? contact.url ?? null) : null,
  };
}

const questionView = ({ id, target, candidates }: Question): QuestionView => ({
  id,
  at: target.slice(target.indexOf(':') + 1),
  candidates: candidates.map((each) => ({
    id: each.id,
    name: each.name ?? null,
    email: each.email ?? null,
    url: each.url ?? null,
  })),
});

/** The latest act that is in force and is itself no undoing. */
function lastAct(who: WhoIs | undefined): CustomerView['lastAct'] {
  const act = who?.acts.find(({ undoneBy, what }) => undoneBy === undefined && what !== 'undo');
  return act ? { id: act.id, what: act.what, at: act.at.toISOString() } : null;
}

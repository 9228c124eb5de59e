import { readableParts } from '../domain/readable-parts.ts';
import { maySendNow } from '../flows/may-send-now.ts';
import { windowOf } from '../flows/platform-policy.ts';
import { shortened } from '../flows/quoted-text.ts';
import { type ReplyState, replyStates } from '../flows/reply-state.ts';
import { findSigns } from '../flows/ticket-signs.ts';
import { otherThreads, type SaidToCustomer, saidToCustomer } from '../store/agent-app.ts';
import { consentStates } from '../store/consents.ts';
import { latestOrders } from '../store/orders.ts';
import { customerView } from './customer-view.ts';
import type { AgentAppParts, Asked } from './parts.ts';
import { sayingsFor } from './sayings.ts';
import type { OtherView, ReplyView, TicketView } from './wire.ts';

const mostReplies = 10;
const mostOthers = 10;
const mostOrders = 5;

/** Everything the app shows beside a ticket, in one answer: Zendesk lets an app ask 100 times a minute. */
export async function ticketView(parts: AgentAppParts, asked: Asked): Promise<TicketView> {
  const { world } = parts;
  const { ticket, conversation, connected } = asked;
  const { channel, account } = connected;
  const customer = conversation.customer.id;
  const about = { conversation: conversation.id, customer, lastCustomerAt: conversation.lastCustomerAt };
  const [shownCustomer, { signs }, may, sayings, replies, others, orders, consents] = await Promise.all([
    customerView(parts, asked),
    findSigns(world, world.db, connected, { ...about, ticket: ticket.id }),
    mayWrite(parts, asked),
    sayingsFor(parts, asked),
    repliesOn(parts, ticket.id),
    othersOf(parts, asked),
    latestOrders(world.db, customer, mostOrders),
    consentStates(world.db, customer),
  ]);
  return {
    now: world.tools.clock.now().toISOString(),
    ticket: { number: ticket.remoteId ?? '', state: ticket.state },
    channel: { kind: channel.kind, label: channel.label, account: account.id },
    customer: shownCustomer,
    blocked: blockedView(conversation),
    window: { state: signs.window, until: signs.answerUntil ?? null },
    may,
    sayings: sayings.map(({ id, title, text }) => ({ id, title, text })),
    templates: channel.listTemplates !== undefined,
    replies,
    others,
    orders: orders.map(({ id, number, state, order, updatedAt }) => ({
      ...{ id, number, state, updatedAt: updatedAt.toISOString(), url: order.url ?? null },
      total: order.total ?? null,
      currency: order.currency ?? null,
    })),
    consents: consents.map(({ channel: at, purpose, state, since }) => ({
      ...{ channel: at, purpose, state, since: since.toISOString() },
    })),
  };
}

const blockedView = ({ blocked }: Asked['conversation']): TicketView['blocked'] =>
  blocked ? { at: blocked.at.toISOString(), by: blocked.by, spam: blocked.spam } : null;

/** By the gate that judges each reply when it is sent. */
async function mayWrite({ world }: AgentAppParts, { connected, conversation }: Asked): Promise<TicketView['may']> {
  const body = { type: 'text' as const, text: '' };
  const fresh = { body, startedAt: undefined, answerToken: undefined };
  const may = await maySendNow({ world, connected, conversation }, fresh);
  if (may.right !== 'none') return 'yes';
  const { lastCustomerAt } = conversation;
  if (!lastCustomerAt) return 'never-wrote';
  const now = world.tools.clock.now();
  const { window = 0, humanAgentWindow = 0 } = windowOf(world.policy, connected, now);
  return now.getTime() - lastCustomerAt.getTime() <= Math.max(window, humanAgentWindow) ? 'counted' : 'closed';
}

async function repliesOn({ world }: AgentAppParts, ticket: number): Promise<ReplyView[]> {
  const said = await saidToCustomer(world.db, ticket, mostReplies);
  const ids = said.map(({ id }) => id);
  const states = await replyStates(world.db, ids);
  return said.map((each) => replyView(each, states.get(each.id)));
}

const replyView = ({ id, author, authorName, at, parts }: SaidToCustomer, fate?: ReplyState): ReplyView => ({
  ...{ id, by: author as ReplyView['by'], name: authorName ?? null, at: at.toISOString() },
  text: shortened(readableParts(parts)),
  state: fate?.state ?? null,
  since: fate?.since?.toISOString() ?? null,
  reason: fate?.reason ?? null,
});

async function othersOf({ world }: AgentAppParts, { conversation, ticket }: Asked): Promise<OtherView[]> {
  const threads = await otherThreads(world.db, conversation.customer.id, conversation.id, mostOthers);
  return threads.map(({ conversation: id, account, lastCustomerAt, ticket: at }) => ({
    ...{ conversation: id, account, channel: world.channels.get(account)?.channel.label ?? account },
    lastCustomerAt: lastCustomerAt?.toISOString() ?? null,
    ticket: at
      ? {
          number: at.remoteId,
          url: world.helpdesks.get(at.helpdesk)?.session.ticketUrl(at.remoteId as never) ?? null,
          here: at.helpdesk === ticket.helpdesk,
        }
      : null,
  }));
}

import type { SetupIds, WantedThing } from '../../../domain/setup.ts';
import type { HelpdeskSetupWish } from '../../helpdesk.ts';
import { closingTrigger, closingView, signFields } from './desired-signs.ts';
import { markerOf } from './marker.ts';

/** What the settings tell of the Zendesk that is set up. */
export interface DesiredFor {
  account: string;
  wish: HelpdeskSetupWish;
  /** Our own user there: what it does calls nobody back. */
  self: string;
}

const described = (what: string, account: string, key: string) =>
  `${what} Looked after by Passerelle: what is changed here is set back. ${markerOf(account, key)}`;

const notYet = 'that which is made with it';

export function desiredWebhooks({ account, wish }: DesiredFor): WantedThing[] {
  const name = `Passerelle: ${account}`;
  return [
    {
      key: 'webhook',
      label: name,
      fields: {
        name,
        description: described('Tells which tickets agents answered.', account, 'webhook'),
        endpoint: wish.webhookUrl,
        http_method: 'POST',
        request_format: 'json',
        status: 'active',
        subscriptions: ['conditional_ticket_events'],
      },
    },
  ];
}

/**
 * The conditions only save calls: a callback is a hint, and what is sent is decided by what is read then. That of the user's id
 * in `role` is as Zendesk's own page offers it; should an account refuse it, leave it out here.
 */
export function desiredTriggers({ account, self }: DesiredFor, ids: SetupIds): WantedThing[] {
  const title = 'Passerelle: an agent replied';
  return [
    {
      key: 'agent-replied',
      label: title,
      fields: {
        title,
        description: described('Calls the webhook when an agent answers a chat in public.', account, 'agent-replied'),
        active: true,
        conditions: {
          all: [
            { field: 'update_type', operator: 'is', value: 'Change' },
            { field: 'comment_is_public', operator: 'is', value: 'true' },
            { field: 'role', operator: 'is', value: 'agent' },
            { field: 'role', operator: 'is_not', value: self },
          ],
          any: [],
        },
        actions: [
          {
            field: 'notification_webhook',
            value: [ids.get('webhook/webhook') ?? notYet, '{"ticket_id":"{{ticket.id}}"}'],
          },
        ],
      },
    },
    closingTrigger(account),
  ];
}

/** Drop-downs that fill themselves: Zendesk sets one when a ticket gets a tag that is one of its values. And a text that we write. */
export function desiredTicketFields({ account, wish }: DesiredFor): WantedThing[] {
  const { channels, replyFailed } = wish.tags;
  const options = channels.map(({ label, tag }) => ({ name: label, value: tag }));
  const failed = [{ name: 'A reply did not arrive', value: replyFailed }];
  return [
    ...(options.length > 0
      ? [ticketField(account, 'channel', 'Passerelle channel', 'Where the customer writes.', options)]
      : []),
    ticketField(account, 'delivery', 'Passerelle delivery', 'Whether an answer failed to reach the customer.', failed),
    answerUntil(account),
    ...signFields(account),
  ];
}

/** The service writes it, where the configuration names it: `answerUntilField`. */
const answerUntil = (account: string): WantedThing => {
  const title = 'Passerelle answer until';
  const what = 'Until when an answer reaches the customer; the platform then closes the window until they write again.';
  return {
    key: 'answer-until',
    label: title,
    fields: { type: 'text', title, agent_description: described(what, account, 'answer-until'), active: true },
  };
};

const ticketField = (account: string, key: string, title: string, what: string, options: object[]): WantedThing => ({
  key,
  label: title,
  fields: {
    type: 'tagger',
    title,
    agent_description: described(what, account, key),
    active: true,
    custom_field_options: options,
  },
});

export function desiredViews({ account, wish }: DesiredFor, ids: SetupIds): WantedThing[] {
  const { chat, replyFailed } = wish.tags;
  // Without a tag that all chats have there is no telling them from other tickets.
  const waiting = chat === undefined ? [] : [view(account, 'chats-waiting', 'Passerelle: chats waiting', chat, ids)];
  return [
    ...waiting,
    closingView(account, ids),
    view(account, 'failed', 'Passerelle: replies that did not arrive', replyFailed, ids),
  ];
}

function view(account: string, key: string, title: string, tag: string, ids: SetupIds): WantedThing {
  const channel = ids.get('ticket field/channel');
  const until = ids.get('ticket field/answer-until');
  return {
    key,
    label: title,
    fields: {
      title,
      description: described('Tickets that are chats.', account, key),
      active: true,
      conditions: {
        all: [
          { field: 'status', operator: 'less_than', value: key === 'failed' ? 'closed' : 'pending' },
          { field: 'current_tags', operator: 'includes', value: tag },
        ],
        any: [],
      },
      columns: [...[channel, until].flatMap((id) => id ?? []), 'subject', 'requester', 'updated_requester', 'assignee'],
      sort_by: 'updated_requester',
      sort_order: 'asc',
    },
  };
}

export function desiredMacros({ account, wish }: DesiredFor): WantedThing[] {
  const say = (text: string) => ({ field: 'comment_value', value: text });
  return [
    macro(account, 'take', 'Passerelle: greet and take', 'Greets and assigns the ticket to whoever uses it.', [
      say('Hello {{ticket.requester.first_name}}, this is {{current_user.first_name}}. I am looking into it.'),
      { field: 'assignee_id', value: 'current_user' },
    ]),
    macro(account, 'order-number', 'Passerelle: ask for the order number', 'Asks and waits for the answer.', [
      say('Could you tell me your order number, please? It stands in the mail that confirmed your order.'),
      { field: 'status', value: 'pending' },
    ]),
    macro(account, 'failure-seen', 'Passerelle: the failed reply was seen to', 'Takes the tag of a failed reply off.', [
      { field: 'remove_tags', value: wish.tags.replyFailed },
    ]),
  ];
}

const macro = (account: string, key: string, title: string, what: string, actions: object[]): WantedThing => ({
  key,
  label: title,
  fields: { title, description: described(what, account, key), active: true, actions },
});

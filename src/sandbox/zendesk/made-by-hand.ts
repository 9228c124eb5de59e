import type { Desk } from './desk.ts';
import { rulesOf } from './rules.ts';
import { staff } from './state.ts';
import { webhookOf } from './webhooks.ts';

export type CallbackState = 'active' | 'webhook-inactive' | 'webhook-deleted' | 'trigger-inactive' | 'trigger-deleted';

const webhookId = '01SANDBOXWEBHOOK0000000000';
const triggerId = 360_000_000_001;

/** The webhook and the trigger that an administrator made by hand, as the guide says, and what became of them since. */
export function makeByHand(desk: Desk, { url, state }: { url: string | undefined; state: CallbackState }): void {
  const before = desk.state.webhooks.find(({ id }) => id === webhookId);
  const others = desk.state.webhooks.filter((each) => each !== before);
  const hook = url === undefined || state === 'webhook-deleted' ? [] : [{ ...webhookTo(desk, url), ...status(state) }];
  // The same one, where it was: what is owed to it then goes to its new address.
  desk.state.webhooks = [...hook.map((made) => Object.assign(before ?? made, made)), ...others];
  const triggers = rulesOf(desk.state, 'triggers').filter(({ id }) => id !== triggerId);
  const trigger = url === undefined || state === 'trigger-deleted' ? [] : [triggerTo(state !== 'trigger-inactive')];
  desk.state.rules.set('triggers', [...trigger, ...triggers]);
}

const status = (state: CallbackState) => ({ status: state === 'webhook-inactive' ? 'inactive' : 'active' });

const webhookTo = ({ options }: Desk, endpoint: string) =>
  webhookOf(
    {},
    { id: webhookId, secret: options.webhookSecret },
    {
      name: 'Chats',
      endpoint,
      http_method: 'POST',
      request_format: 'json',
      status: 'active',
      subscriptions: ['conditional_ticket_events'],
    },
  );

const triggerTo = (active: boolean) => ({
  id: triggerId,
  title: 'Chats: an agent replied',
  active,
  conditions: {
    all: [
      { field: 'update_type', operator: 'is', value: 'Change' },
      { field: 'comment_is_public', operator: 'is', value: 'true' },
      { field: 'role', operator: 'is', value: 'agent' },
      { field: 'role', operator: 'is_not', value: String(staff.service) },
    ],
    any: [],
  },
  actions: [{ field: 'notification_webhook', value: [webhookId, '{"ticket_id":"{{ticket.id}}"}'] }],
});

import type { SetupIds, WantedThing } from '../../../domain/setup.ts';
import { markerOf } from './marker.ts';

/** Their tags; `signs.ts` sets them on tickets. */
const windowStates = [
  ['open', 'Open'],
  ['closing', 'Closes within 2 hours'],
  ['closed', 'Closed: the customer has to write first'],
  ['free', 'Does not close'],
  ['none', 'The customer has not written yet'],
] as const;
const replies = [
  ['none', 'None yet'],
  ['under_way', 'Under way'],
  ['sent', 'Sent'],
  ['delivered', 'Delivered'],
  ['read', 'Read'],
  ['failed', 'Did not arrive'],
  ['unsure', 'May not have arrived'],
] as const;
const confidences = [
  ['unknown', 'Not known'],
  ['stated', 'As they say themselves'],
  ['told', 'As the platform or the shop says'],
  ['proved', 'Proved'],
] as const;

const options = (prefix: string, values: readonly (readonly [value: string, name: string])[]) =>
  values.map(([value, name]) => ({ name, value: `passerelle_${prefix}_${value}` }));

export const closingTag = 'passerelle_window_closing';

/** Drop-downs that the service keeps current: it finds them by the marker in their descriptions. */
export function signFields(account: string): WantedThing[] {
  const field = (key: string, title: string, what: string, custom_field_options: object[]): WantedThing => ({
    key,
    label: title,
    fields: {
      type: 'tagger',
      title,
      agent_description: `${what} Kept current by Passerelle: what is changed here is set back. ${markerOf(account, key)}`,
      active: true,
      custom_field_options,
    },
  });
  return [
    field(
      'window-state',
      'Passerelle window',
      'Whether an answer reaches the customer now.',
      options('window', windowStates),
    ),
    field(
      'last-reply',
      'Passerelle last reply',
      'What became of the last answer to the customer.',
      options('reply', replies),
    ),
    field(
      'customer-known',
      'Passerelle customer',
      'How sure it is who the customer is.',
      options('customer', confidences),
    ),
  ];
}

/** What an agent should not miss rises: the last two hours in which an answer arrives. */
export function closingTrigger(account: string): WantedThing {
  const title = 'Passerelle: the window closes within 2 hours';
  return {
    key: 'window-closing',
    label: title,
    fields: {
      title,
      description: `Raises the priority of a chat that waits for an answer and can soon not be answered any more. Looked after by Passerelle: what is changed here is set back. ${markerOf(account, 'window-closing')}`,
      active: true,
      conditions: {
        all: [
          { field: 'update_type', operator: 'is', value: 'Change' },
          { field: 'status', operator: 'less_than', value: 'pending' },
          { field: 'priority', operator: 'less_than', value: 'high' },
          { field: 'current_tags', operator: 'includes', value: closingTag },
        ],
        any: [],
      },
      actions: [{ field: 'priority', value: 'high' }],
    },
  };
}

/** The chats that close soonest, first to be seen. */
export function closingView(account: string, ids: SetupIds): WantedThing {
  const title = 'Passerelle: the window closes within 2 hours';
  const columns = ['channel', 'answer-until', 'last-reply', 'customer-known'].map((key) =>
    ids.get(`ticket field/${key}`),
  );
  return {
    key: 'closing',
    label: title,
    fields: {
      title,
      description: `Chats that wait for an answer and can soon not be answered any more. Looked after by Passerelle: what is changed here is set back. ${markerOf(account, 'closing')}`,
      active: true,
      conditions: {
        all: [
          { field: 'status', operator: 'less_than', value: 'pending' },
          { field: 'current_tags', operator: 'includes', value: closingTag },
        ],
        any: [],
      },
      columns: [...columns.filter((id) => id !== undefined), 'subject', 'requester', 'updated_requester', 'assignee'],
      sort_by: 'updated_requester',
      sort_order: 'asc',
    },
  };
}

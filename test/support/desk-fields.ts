import type { ZendeskSandbox } from '../../src/sandbox/zendesk/simulator.ts';

/** What an administrator of the sandbox's Zendesk made, by its number: three ticket fields; and two user fields, by key. */
export function addDeskFields(zendesk: Pick<ZendeskSandbox, 'addRule'>) {
  const options = (...values: string[]) => ({ custom_field_options: values.map((value) => ({ name: value, value })) });
  const order = zendesk.addRule('ticket_fields', { title: 'Order number', type: 'text' });
  const way = zendesk.addRule('ticket_fields', { title: 'Way', type: 'tagger', ...options('app', 'mail', 'other') });
  const call = zendesk.addRule('ticket_fields', { title: 'Wants a call', type: 'checkbox' });
  zendesk.addRule('user_fields', { key: 'language', title: 'Language', type: 'text' });
  zendesk.addRule('user_fields', { key: 'tier', title: 'Tier', type: 'tagger', ...options('gold', 'silver') });
  return { order, way, call };
}

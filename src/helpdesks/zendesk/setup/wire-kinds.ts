import type { SetupFields } from '../../../domain/setup.ts';
import type { ZendeskApi } from '../api.ts';
import {
  type DesiredFor,
  desiredMacros,
  desiredTicketFields,
  desiredTriggers,
  desiredViews,
  desiredWebhooks,
} from './desired.ts';
import type { Wire, WireKind } from './kinds.ts';
import { markerOf } from './marker.ts';
import { triggerCategory } from './trigger-category.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

/** Other instances of Passerelle at the same Zendesk have markers of their own. */
const anyMarker = /\[passerelle:[^\]]+\]/;

/** The key in a description of ours; or, where it bears no marker at all, that of the title we would give. */
function keyOf(account: string, known: readonly { key: string; label: string }[], title: string, description: string) {
  const marked = known.find(({ key }) => description.includes(markerOf(account, key)));
  if (marked) return marked.key;
  const outdated = description.match(/\[passerelle:([^\]/]+)\/([^\]]+)\]/);
  if (outdated?.[1] === account) return outdated[2];
  return anyMarker.test(description) ? undefined : known.find(({ label }) => label === title)?.key;
}

const keyed = (key: string | undefined) => (key === undefined ? {} : { key });

const pick = (wire: Wire, names: readonly string[]): SetupFields =>
  Object.fromEntries(names.map((name) => [name, wire[name]]));

const asIs = (fields: SetupFields): Record<string, unknown> => ({ ...fields });

/** Found by where it calls: one made by hand to the same address is taken over, with its secret. */
export function webhooks(setup: DesiredFor): WireKind {
  const wanted = () => desiredWebhooks(setup);
  return {
    ...{ name: 'webhook', list: 'webhooks', one: 'webhook', by: 'patch', wanted },
    labelOf: ({ name, endpoint }) => text(name) || text(endpoint),
    recognise: (wire) => {
      const marked = text(wire['description']).includes(markerOf(setup.account, 'webhook'));
      const forTriggers = list(wire['subscriptions']).includes('conditional_ticket_events');
      if (marked || (forTriggers && wire['endpoint'] === setup.wish.webhookUrl)) return { key: 'webhook' };
      if (wire['endpoint'] !== setup.wish.webhookUrl) return {};
      return { note: 'it calls this service for events; with the webhook made here it is not needed' };
    },
    fieldsOf: (wire) =>
      pick(wire, ['name', 'description', 'endpoint', 'http_method', 'request_format', 'status', 'subscriptions']),
    toWire: asIs,
  };
}

const conditionsOf = (conditions: unknown) => {
  const each = (value: unknown) =>
    list(value).map((condition) => pick(record(condition) as Wire, ['field', 'operator', 'value']));
  return { all: each(record(conditions)['all']), any: each(record(conditions)['any']) };
};

const actionsOf = (actions: unknown) => list(actions).map((action) => pick(record(action) as Wire, ['field', 'value']));

export function triggers(setup: DesiredFor, api: ZendeskApi, ours: () => ReadonlySet<string>): WireKind {
  const known = desiredTriggers(setup, new Map());
  const calls = (wire: Wire) =>
    list(wire['actions']).some((action) => {
      const { field, value } = record(action);
      return field === 'notification_webhook' && ours().has(String(list(value)[0]));
    });
  return {
    ...{ name: 'trigger', list: 'triggers', one: 'trigger', by: 'put' },
    wanted: (ids) => desiredTriggers(setup, ids),
    labelOf: ({ title }) => text(title),
    recognise: (wire) => {
      const key = keyOf(setup.account, known, text(wire['title']), text(wire['description']));
      if (key !== undefined || !calls(wire)) return keyed(key);
      return { note: 'it calls the webhook too; with the trigger made here it is not needed' };
    },
    fieldsOf: (wire) => ({
      ...pick(wire, ['title', 'description', 'active']),
      conditions: conditionsOf(wire['conditions']),
      actions: actionsOf(wire['actions']),
    }),
    toWire: asIs,
    onCreate: () => triggerCategory(api),
  };
}

/** Values that an administrator added to one of our drop-downs stay. */
export function ticketFields(setup: DesiredFor): WireKind {
  const wanted = () => desiredTicketFields(setup);
  const known = wanted();
  const values = new Set(
    known.flatMap(({ fields }) => list(fields['custom_field_options'])).map((option) => record(option)['value']),
  );
  const options = (wire: Wire) => list(wire['custom_field_options']).map(record);
  return {
    ...{ name: 'ticket field', list: 'ticket_fields', one: 'ticket_field', by: 'put', wanted },
    labelOf: ({ title }) => text(title),
    // Somebody's own field with our title and another type is not taken for ours: a type cannot be changed.
    recognise: (wire) => {
      const key = keyOf(setup.account, known, text(wire['title']), text(wire['agent_description']));
      const ours = known.find((each) => each.key === key);
      return ours && ours.fields['type'] !== wire['type'] ? {} : keyed(key);
    },
    fieldsOf: (wire) => ({
      ...pick(wire, ['type', 'title', 'agent_description', 'active']),
      ...(wire['type'] === 'tagger' && {
        custom_field_options: options(wire)
          .filter(({ value }) => values.has(value))
          .map(({ name, value }) => ({ name, value })),
      }),
    }),
    toWire: (fields, now) => {
      if (!fields['custom_field_options'] || !now) return { ...fields };
      const added = options(now)
        .filter(({ value }) => !values.has(value))
        .map(({ id, name, value }) => ({ id, name, value }));
      return { ...fields, custom_field_options: [...list(fields['custom_field_options']), ...added] };
    },
  };
}

/** Shown as `conditions` and `execution`, sent as `all`, `any` and `output` (Zendesk developer docs, "Views"). */
export function views(setup: DesiredFor): WireKind {
  const known = desiredViews(setup, new Map());
  return {
    ...{ name: 'view', list: 'views', one: 'view', by: 'put' },
    wanted: (ids) => desiredViews(setup, ids),
    labelOf: ({ title }) => text(title),
    recognise: (wire) => keyed(keyOf(setup.account, known, text(wire['title']), text(wire['description']))),
    fieldsOf: (wire) => {
      const { columns, sort_by, sort_order } = record(wire['execution']);
      return {
        ...pick(wire, ['title', 'description', 'active']),
        conditions: conditionsOf(wire['conditions']),
        columns: list(columns).map((column) => String(record(column)['id'])),
        ...{ sort_by, sort_order },
      };
    },
    toWire: viewToWire,
  };
}

/** Conditions, and what is shown, are replaced as a whole: what did not change is sent along. */
function viewToWire(fields: SetupFields, now: Wire | undefined): Record<string, unknown> {
  const { conditions, columns, sort_by, sort_order, ...rest } = fields;
  const shown = record(now?.['execution']);
  const output = {
    columns: columns ?? list(shown['columns']).map((column) => record(column)['id']),
    sort_by: sort_by ?? shown['sort_by'],
    sort_order: sort_order ?? shown['sort_order'],
  };
  return { ...rest, ...conditionsOf(conditions ?? now?.['conditions']), output };
}

export function macros(setup: DesiredFor): WireKind {
  const wanted = () => desiredMacros(setup);
  return {
    ...{ name: 'macro', list: 'macros', one: 'macro', by: 'put', wanted },
    labelOf: ({ title }) => text(title),
    recognise: (wire) => keyed(keyOf(setup.account, wanted(), text(wire['title']), text(wire['description']))),
    fieldsOf: (wire) => ({
      ...pick(wire, ['title', 'description', 'active']),
      actions: actionsOf(wire['actions']).map(asSaid),
    }),
    toWire: asIs,
  };
}

/** A comment may come back with the channels it is for before it: `["channel:all", "…"]`. */
const asSaid = ({ field, value }: SetupFields): SetupFields =>
  field === 'comment_value' && Array.isArray(value) ? { field, value: value.at(-1) } : { field, value };

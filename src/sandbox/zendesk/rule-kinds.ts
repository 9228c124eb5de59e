import { type Fields, isFields } from './desk.ts';
import type { Rule, State } from './state.ts';

type Complaint = Record<string, [description: string, code?: string]>;

/** One kind of thing that administrators make: how it is sent, shown and refused. */
export interface RuleKind {
  /** The name of the list, and of one in it, in bodies and paths. */
  list: string;
  one: string;
  /** Not shown to those who are no administrators. */
  hidden: boolean;
  /** What is kept of what is sent; some is sent in another form than it is shown. */
  take(fields: Fields): Fields;
  show(rule: Rule): Fields;
  complain(fields: Fields, state: State): Complaint | undefined;
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const asIs = (fields: Fields): Fields => fields;
const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

const untitled: Complaint = { title: ['Title: cannot be blank', 'BlankValue'] };
const base = (description: string, code = 'InvalidValue'): Complaint => ({ base: [description, code] });

/** What conditions of triggers and views may look at (Zendesk developer docs, "Conditions reference"), and with what. */
const conditionOperators: Record<string, readonly string[]> = {
  update_type: ['is'],
  comment_is_public: ['is'],
  role: ['is', 'is_not'],
  current_tags: ['includes', 'not_includes'],
  status: ['is', 'is_not', 'less_than', 'greater_than', 'changed', 'value', 'value_previous'],
  group_id: ['is', 'is_not'],
  assignee_id: ['is', 'is_not'],
  requester_id: ['is', 'is_not'],
  type: ['is', 'is_not'],
  priority: ['is', 'is_not', 'less_than', 'greater_than'],
};

function badCondition(condition: unknown): string | undefined {
  if (!isFields(condition)) return 'Condition: is invalid';
  const { field, operator, value } = condition;
  const operators = /^custom_fields_\d+$/.test(String(field)) ? ['is', 'is_not'] : conditionOperators[String(field)];
  if (!operators) return `Condition: field ${String(field)} is not supported`;
  if (!operators.includes(String(operator)))
    return `Condition: operator ${String(operator)} does not fit ${String(field)}`;
  if (typeof value !== 'string' && operator !== 'changed')
    return `Condition: the value of ${String(field)} must be a string`;
  return undefined;
}

const conditionsIn = (conditions: unknown): unknown[] =>
  isFields(conditions) ? [...list(conditions['all']), ...list(conditions['any'])] : [];

function conditionsComplaint(conditions: unknown): Complaint | undefined {
  if (conditionsIn(conditions).length === 0) return base('Conditions: there must be at least one', 'BlankValue');
  const problem = conditionsIn(conditions)
    .map(badCondition)
    .find((each) => each !== undefined);
  return problem === undefined ? undefined : base(problem);
}

function actionsComplaint(actions: unknown): Complaint | undefined {
  if (list(actions).length === 0) return base('Actions: there must be at least one', 'BlankValue');
  const odd = list(actions).find(
    (action) => !isFields(action) || !isText(action['field']) || action['value'] === undefined,
  );
  return odd === undefined ? undefined : base('Actions: each needs a field and a value');
}

/** A trigger can only call a webhook that is there and meant for triggers. */
function callsComplaint(actions: unknown, { webhooks }: State): Complaint | undefined {
  for (const action of list(actions) as Fields[]) {
    if (action['field'] !== 'notification_webhook') continue;
    const [id, body] = list(action['value']);
    const webhook = webhooks.find((each) => each.id === id);
    if (!webhook || typeof body !== 'string') return base(`Webhook ${String(id)} cannot be called`);
    if (!webhook.subscriptions.includes('conditional_ticket_events')) return base('The webhook is not for triggers');
  }
  return undefined;
}

/** An account that has categories wants one of them for each trigger. */
const categoryComplaint = (category: unknown, { triggerCategories: known }: State): Complaint | undefined =>
  known.length === 0 || known.some(({ id }) => id === category)
    ? undefined
    : { category_id: ['Category: is invalid', 'InvalidValue'] };

const trigger: RuleKind = {
  list: 'triggers',
  one: 'trigger',
  hidden: true,
  take: asIs,
  show: asIs,
  complain: ({ title, conditions, actions, category_id: category }, state) =>
    (isText(title) ? undefined : untitled) ??
    categoryComplaint(category, state) ??
    conditionsComplaint(conditions) ??
    actionsComplaint(actions) ??
    callsComplaint(actions, state),
};

const macro: RuleKind = {
  list: 'macros',
  one: 'macro',
  hidden: false,
  take: asIs,
  show: asIs,
  complain: ({ title, actions }) => (isText(title) ? undefined : untitled) ?? actionsComplaint(actions),
};

/** One of these must stand among the conditions that all have to hold (Zendesk developer docs, "Views"). */
const viewNeeds = ['status', 'type', 'group_id', 'assignee_id', 'requester_id'];
const viewColumns = new Set([
  ...['assigned', 'assignee', 'due_date', 'group', 'nice_id', 'updated', 'updated_assignee', 'updated_requester'],
  ...['updated_by_type', 'organization', 'priority', 'created', 'requester', 'locale_id', 'solved', 'status'],
  ...['description', 'submitter', 'ticket_form', 'type', 'brand', 'subject', 'channel'],
]);

/** Views are sent with `all`, `any` and `output`, and shown with `conditions` and `execution`. */
const view: RuleKind = {
  list: 'views',
  one: 'view',
  hidden: false,
  take: ({ all, any, output, conditions: _, execution: __, ...rest }) => ({
    ...rest,
    ...(all || any ? { conditions: { all: list(all), any: list(any) } } : {}),
    ...(isFields(output) ? { execution: executionOf(output) } : {}),
  }),
  show: asIs,
  complain: ({ title, conditions, execution }) =>
    (isText(title) ? undefined : untitled) ?? conditionsComplaint(conditions) ?? viewComplaint(conditions, execution),
};

const executionOf = ({ columns, ...rest }: Fields): Fields => ({
  group_by: null,
  group_order: 'desc',
  sort_by: null,
  sort_order: 'desc',
  ...rest,
  columns: list(columns).map((id) => ({ id: /^\d+$/.test(String(id)) ? Number(id) : id, title: String(id) })),
});

function viewComplaint(conditions: unknown, execution: unknown): Complaint | undefined {
  const all = isFields(conditions) ? (list(conditions['all']) as Fields[]) : [];
  if (!all.some(({ field }) => viewNeeds.includes(String(field))))
    return base('Conditions: all must look at status, type, group, assignee or requester');
  const columns = isFields(execution) ? (list(execution['columns']) as Fields[]) : [];
  const odd = columns.find(({ id }) => typeof id !== 'number' && !viewColumns.has(String(id)));
  if (columns.length > 10) return base('Output: no more than 10 columns');
  return odd ? base(`Output: there is no column ${String(odd['id'])}`) : undefined;
}

const fieldTypes = ['text', 'textarea', 'checkbox', 'date', 'integer', 'decimal', 'regexp', 'tagger', 'multiselect'];

function fieldComplaint({ title, type, custom_field_options: options }: Fields): Complaint | undefined {
  if (!isText(title)) return untitled;
  if (!fieldTypes.includes(String(type))) return { type: ['Type: is not valid', 'InvalidValue'] };
  return type === 'tagger' ? optionsComplaint(list(options)) : undefined;
}

function optionsComplaint(options: unknown[]): Complaint | undefined {
  const named = (about: string): Complaint => ({ custom_field_options: [`Options: ${about}`, 'InvalidValue'] });
  if (options.length === 0) return named('there must be at least one');
  const values = options.map((option) => (isFields(option) ? option['value'] : undefined));
  if (options.some((option) => !isFields(option) || !isText(option['name']) || !isText(option['value'])))
    return named('each needs a name and a value');
  if (values.some((value) => !/^[a-z0-9_\-/]+$/.test(String(value)))) return named('a value is a tag');
  return new Set(values).size === values.length ? undefined : named('a value stands there twice');
}

const ticketField: RuleKind = {
  list: 'ticket_fields',
  one: 'ticket_field',
  hidden: false,
  take: asIs,
  // Options get ids, and the agents' title is the title for all.
  show: (rule) => ({
    ...rule,
    raw_title: rule['title'],
    removable: true,
    ...(rule['custom_field_options'] ? { custom_field_options: withIds(rule) } : {}),
  }),
  complain: fieldComplaint,
};

const withIds = (rule: Rule) =>
  (list(rule['custom_field_options']) as Fields[]).map((option, i) => ({
    id: rule.id * 100 + i,
    raw_name: option['name'],
    default: false,
    ...option,
  }));

const userField: RuleKind = {
  list: 'user_fields',
  one: 'user_field',
  hidden: false,
  take: asIs,
  show: (rule) => ({ ...rule, raw_title: rule['title'] }),
  complain: (fields, state) =>
    (/^[A-Za-z0-9_]+$/.test(String(fields['key'] ?? ''))
      ? undefined
      : { key: ['Key: is invalid', 'InvalidValue'] as [string, string] }) ??
    keyComplaint(fields, state) ??
    fieldComplaint(fields),
};

const keyComplaint = ({ key, id }: Fields, { rules }: State): Complaint | undefined =>
  (rules.get('user_fields') ?? []).some((other) => other['key'] === key && other.id !== id)
    ? { key: [`Key: ${String(key)} has already been taken`, 'DuplicateValue'] }
    : undefined;

export const ruleKinds: readonly RuleKind[] = [trigger, view, macro, ticketField, userField];

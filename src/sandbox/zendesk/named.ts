import { type Answer, invalid, ok } from './answer.ts';
import { type Desk, type Fields, isFields, type Route } from './desk.ts';
import type { Named } from './names.ts';
import { pageOf } from './paging.ts';
import { rulesOf } from './rules.ts';
import { livingUser, nextId, type State } from './state.ts';

export const namedRoutes: Route[] = [
  ['get', '/groups', list('groups', ({ names }) => names.groups.filter(({ gone }) => !gone))],
  ['get', '/brands', list('brands', ({ names }) => names.brands.filter(({ gone }) => !gone))],
  ['get', '/ticket_forms', list('ticket_forms', ({ names }) => names.forms.filter(({ gone }) => !gone))],
];

function list(key: string, items: (state: State) => Named[]): Route[2] {
  return (desk, request) =>
    ok(pageOf(desk.url(), request, key, items(desk.state), ({ id, name }) => ({ id, name, active: true })));
}

/** What an administrator does in the Admin Center. */
export function namedControls(desk: Desk) {
  return {
    addGroup: (name: string): number => {
      const id = nextId(desk.state);
      desk.state.names.groups.push({ id, name, gone: false });
      return id;
    },
    removeGroup: (name: string): void => {
      for (const group of desk.state.names.groups) if (group.name === name) group.gone = true;
    },
  };
}

const priorities = ['low', 'normal', 'high', 'urgent'];
const types = ['question', 'incident', 'problem', 'task'];

/** What the real one says of fields that name what is not there; undefined when all is well. */
export function refuseFields(state: State, fields: Fields): Answer | undefined {
  const { groups, brands, forms } = state.names;
  const unknown = (name: string, things: Named[]) =>
    fields[name] !== undefined && !things.some(({ id, gone }) => id === fields[name] && !gone);
  const wrongWord = (name: string, words: string[]) =>
    fields[name] !== undefined && !words.includes(String(fields[name]));
  if (unknown('group_id', groups)) return invalid({ group: ['Group: is invalid', 'InvalidValue'] });
  if (unknown('brand_id', brands)) return invalid({ brand: ['Brand: is invalid', 'InvalidValue'] });
  if (unknown('ticket_form_id', forms)) return invalid({ ticket_form: ['Form: is invalid', 'InvalidValue'] });
  if (wrongWord('priority', priorities)) return invalid({ priority: ['Priority: is invalid', 'InvalidValue'] });
  if (wrongWord('type', types)) return invalid({ ticket_type: ['Type: is invalid', 'InvalidValue'] });
  const assignee = fields['assignee_id'] === undefined ? undefined : livingUser(state, Number(fields['assignee_id']));
  if (fields['assignee_id'] !== undefined && (!assignee || assignee.role === 'end-user'))
    return invalid({ assignee: ['Assignee: is invalid', 'InvalidValue'] });
  return refuseCustom(state, fields['custom_fields']);
}

function refuseCustom(state: State, given: unknown): Answer | undefined {
  if (given === undefined) return undefined;
  for (const each of Array.isArray(given) ? given : [given]) {
    const { id, value } = isFields(each) ? each : {};
    const field = rulesOf(state, 'ticket_fields').find((known) => known.id === Number(id));
    if (!field) return invalid({ base: [`Field ${id} is not there`, 'InvalidValue'] });
    if (!fits(field, value))
      return invalid({ base: [`${field['title']}: ${String(value)} is not a valid option`, 'InvalidValue'] });
  }
  return undefined;
}

function fits({ type, custom_field_options: options }: Fields, value: unknown): boolean {
  if (type === 'checkbox') return typeof value === 'boolean';
  return !Array.isArray(options) || options.some((option) => isFields(option) && option['value'] === value);
}

/** The same for a user's own fields, which are by key. */
export function refuseUserFields(state: State, given: unknown): Answer | undefined {
  for (const [key, value] of Object.entries(isFields(given) ? given : {})) {
    const field = rulesOf(state, 'user_fields').find((known) => known['key'] === key);
    if (!field) return invalid({ user_fields: [`${key}: is not a field`, 'InvalidValue'] });
    if (!fits(field, value)) return invalid({ user_fields: [`${key}: is invalid`, 'InvalidValue'] });
  }
  return undefined;
}

import type { Outcome } from '../../domain/outcome.ts';
import type { DeskField, DeskShape } from '../helpdesk.ts';
import type { ZendeskApi } from './api.ts';
import { listNamed } from './names.ts';
import { attempt } from './outcome.ts';
import { pagesOf } from './pages.ts';
import { ticketFieldsBody, userFieldsBody, type WireField, type WireNamed } from './wire.ts';

/** What a mapping may name at this Zendesk. */
export function describe(api: ZendeskApi): Promise<Outcome<DeskShape>> {
  return attempt('repeatable', async () => ({
    groups: namesOf(await listNamed(api, 'group')),
    brands: namesOf(await listNamed(api, 'brand')),
    forms: namesOf(await listNamed(api, 'form')),
    ticketFields: (await ticketFields(api)).map((field) => fieldOf(field, field.id)),
    personFields: (await userFields(api)).map((field) => fieldOf(field, field.key ?? field.id)),
  }));
}

const namesOf = (named: readonly WireNamed[]): string[] =>
  named.filter(({ active, deleted }) => active !== false && deleted !== true).map(({ id, name }) => name ?? id);

async function ticketFields(api: ZendeskApi): Promise<WireField[]> {
  const found: WireField[] = [];
  for await (const body of pagesOf(api, ticketFieldsBody, ['ticket_fields'])) found.push(...body.ticket_fields);
  return found.filter(({ active }) => active !== false);
}

async function userFields(api: ZendeskApi): Promise<WireField[]> {
  const found: WireField[] = [];
  for await (const body of pagesOf(api, userFieldsBody, ['user_fields'])) found.push(...body.user_fields);
  return found.filter(({ active }) => active !== false);
}

function fieldOf({ title, type, custom_field_options: options }: WireField, id: string): DeskField {
  return { id, title: title ?? id, type, ...(options && { options: options.map(({ value }) => value) }) };
}

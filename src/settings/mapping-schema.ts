import { z } from 'zod';
import { fieldName } from './field-name.ts';
import { identitySchema } from './identity-schema.ts';
import { agentAppSchema, automaticTextsSchema } from './mapping-automatic.ts';
import { openingHoursSchema } from './mapping-hours.ts';
import { routingSchema } from './mapping-routing.ts';
import { liquidOver, variables } from './mapping-text.ts';
import { matchRules, peopleSchema } from './matching.ts';
import { duration } from './measures.ts';

const contactFields = {
  FirstName: '{{ customer.firstName }}',
  LastName: '{{ customer.lastName | default: customer.name }}',
  Email: '{{ customer.email }}',
  Phone: '{{ customer.phone }}',
};

const objectFields = {
  Text__c: '{{ message.text }}',
  Direction__c: '{{ message.direction }}',
  Sent_At__c: '{{ message.at }}',
  Author__c: '{{ message.author }}',
  Channel__c: '{{ channel.label }}',
  Conversation__c: '{{ conversation.id }}',
  Ticket__c: '{{ ticket.id }}',
  Contact__c: '{{ contact.id }}',
};

const replyFailed = 'This reply did not reach the customer: {{ reason }}.';
const ambiguousContact =
  'Several contacts in the CRM could be {{ customer.name }}. None was linked and none was created. ' +
  'Please merge them or link the right one; the history is recorded without a contact until then.';

const usualMatch: ('external-id' | 'email' | 'phone')[] = ['external-id', 'email', 'phone'];

const tag = z.string().regex(/^\S+$/, 'a tag has no blanks');

function ticketsSchema() {
  const { line, tags, fields } = liquidOver(variables.ticket);
  return z
    .strictObject({
      subject: line.prefault('{{ channel.label }}: {{ customer.name }}'),
      tags: tags.prefault(['passerelle', '{{ channel.kind }}']),
      fields: fields(),
      reopenSolvedWithin: duration.default(604_800_000),
      failureTag: tag.default('passerelle_reply_failed'),
      routingFailureTag: tag.default('passerelle_routing_failed'),
      fromPublicComments: z.boolean().default(false),
      unsend: z.enum(['note', 'redact']).default('note'),
    })
    .prefault({});
}

const contactsSchema = () =>
  z
    .strictObject({
      match: matchRules().prefault(usualMatch),
      matchFor: z.record(z.string(), matchRules()).default({}),
      externalIdField: fieldName.default('Passerelle_Key__c'),
      create: z.boolean().default(true),
      fields: liquidOver(variables.contact).fields(contactFields),
    })
    .prefault({});

const requesterSchema = () => z.strictObject({ fields: liquidOver(variables.contact).fields() }).prefault({});

function historySchema() {
  const task = liquidOver(variables.history);
  return z
    .strictObject({
      shape: z.enum(['task', 'object']).default('task'),
      keyField: fieldName.default('Passerelle_Key__c'),
      object: fieldName.default('Passerelle_Message__c'),
      subject: task.line.prefault('{{ channel.label }} conversation, ticket {{ ticket.id }}'),
      fields: task.fields(),
      // Unlike a contact's, these are of the company's own object: naming any means naming all.
      objectFields: liquidOver(variables.message).fields().prefault(objectFields),
    })
    .prefault({});
}

const routingFailed =
  'This ticket could not be routed as the mapping says: {{ reason }}. Please correct the mapping, or what it names.';

const notesSchema = () =>
  z
    .strictObject({
      routingFailed: liquidOver(variables.failureNote).text.prefault(routingFailed),
      replyFailed: liquidOver(variables.failureNote).text.prefault(replyFailed),
      ambiguousContact: liquidOver(variables.note).text.prefault(ambiguousContact),
    })
    .prefault({});

/** `mapping.yaml`: every key may be left out. What comes out holds ready render functions. */
export const mappingSchema = () =>
  z.strictObject({
    tickets: ticketsSchema(),
    routing: routingSchema(),
    requester: requesterSchema(),
    identity: identitySchema(),
    contacts: contactsSchema(),
    people: peopleSchema(),
    history: historySchema(),
    notes: notesSchema(),
    openingHours: openingHoursSchema(),
    automaticTexts: automaticTextsSchema(),
    agentApp: agentAppSchema(),
  });

export type MappingFile = z.output<ReturnType<typeof mappingSchema>>;

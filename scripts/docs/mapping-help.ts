/** What each key of the mapping is for. */
export const mappingHelp: Readonly<Record<string, string>> = {
  'tickets.subject': 'Subject of a new ticket.',
  'tickets.tags': 'Tags of a new ticket. A blank becomes an underscore; an empty one is left out.',
  'tickets.fields': 'Further fields of a new ticket, as Zendesk’s API names them: `group_id`, `custom_fields`…',
  'tickets.reopenSolvedWithin':
    'A ticket solved longer ago is left alone and a new one opened; 0 for always a new one.',
  'tickets.fromPublicComments':
    'Whether what is said in public (a comment under a post, a mention in a story) becomes a ticket too.',
  'tickets.unsend':
    'When a customer withdraws a message: `note` tells agents; `redact` removes it from the ticket, the history and here as well.',
  'tickets.failureTag': 'Added to the ticket when a reply could not be delivered, or waits for a broken account.',
  'identity.showOnTicket':
    'How well an e-mail or phone must be known to be used in a ticket’s subject, fields and tags, in notes and in history: `stated` (weakest), `platform`, `shop-api`, `platform-phone`, `verified-code`, `signed-link` or `admin` (strongest).',
  'identity.match': 'The same, to look the customer up by it.',
  'identity.writePerson': 'The same, to write it to the customer’s user at the helpdesk.',
  'identity.writeContact': 'The same, to write it to a contact.',
  'contacts.match':
    'By what a contact is sought, in this order; the first rule that finds anything decides. A rule is `external-id`, `email` or `phone`, or in full `by` (also `shop-customer`), `objects` (`Contact`, `Lead`, `PersonAccount`), `field` (of `shop-customer`) and `evidence`: how sure a fact must be, if not as `identity.match` says.',
  'contacts.matchFor': 'Other rules instead of `match`, by the id of a channel account.',
  'contacts.externalIdField': 'The Contact’s field (text, external id, unique) that holds our key of the customer.',
  'contacts.create': 'Whether a contact is created when none matches.',
  'contacts.fields': 'Fields of a contact that is created, added to these; an empty text leaves one out.',
  'people.match':
    'How a Zendesk user is found besides by our external id: rules with `by` (`email` or `phone`) and `evidence`, how sure it must be.',
  'people.joinedFields':
    'Of two customers who are one, whose value remains: `kept` (of who stays), `newer` (of who wrote last), `older` (of who is known longer).',
  'history.shape': '`task`: a Task per ticket with the transcript. `object`: a record per message.',
  'history.keyField': 'The field (text, external id, unique) that keeps an entry from being written twice.',
  'history.subject': 'Subject of a task.',
  'history.fields': 'Further fields of a task.',
  'history.object': 'With shape `object`: the custom object.',
  'history.objectFields': 'With shape `object`: all its fields. Naming any means naming all.',
  'notes.replyFailed': 'The internal note on a reply that did not reach the customer.',
  'notes.ambiguousContact': 'The internal note when several contacts could be the customer.',
};

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
  'tickets.routingFailureTag':
    'Added to a ticket when a rule names a group, brand, form or agent that is not there, or sets fields that the helpdesk refuses. The ticket is opened without them.',
  'routing[].name': 'What the rule is called in the preview and the log.',
  'routing[].when.channel': 'Kinds of channel: `messenger`, `whatsapp`…',
  'routing[].when.account': 'Ids of channel accounts.',
  'routing[].when.referral':
    'The `ref` of the link they came by, within the last 24 hours; `*` stands for anything. Without a `ref`: the kind of link.',
  'routing[].when.ad': 'The id of the ad they came by; `*` stands for anything.',
  'routing[].when.text.contains':
    'What stands in the words that open the ticket. Accents, large and small letters are alike.',
  'routing[].when.text.words': 'Whole words, one after the other.',
  'routing[].when.text.matches':
    'Regular expressions of [RE2](https://github.com/google/re2/wiki/Syntax), which take no longer for a nasty text. Large and small letters are alike.',
  'routing[].when.language': 'The language they write in, else that of their locale, in two letters.',
  'routing[].when.openingHours': '`open` or `closed`, at the time of the message.',
  'routing[].when.customer': '`known`: they had a ticket before, or are linked to a contact. `new`: neither.',
  'routing[].when.order': 'The state of their order, as the shop told it (`orderState`); `*` stands for anything.',
  'routing[].set.group': 'The group, by name or number.',
  'routing[].set.brand': 'The brand, by name or number.',
  'routing[].set.form': 'The form, by name or number.',
  'routing[].set.priority': '`low`, `normal`, `high` or `urgent`.',
  'routing[].set.type': '`question`, `incident`, `problem` or `task`.',
  'routing[].set.assignee': 'The agent, by e-mail.',
  'routing[].set.tags': 'Tags beside those of `tickets.tags`. One for each language: `lang_{{ language }}`.',
  'routing[].set.fields': 'Fields beside those of `tickets.fields`, before which they go.',
  'routing[].stop': 'No rule below is looked at once this one holds.',
  'requester.fields':
    'Fields of the customer’s user at the helpdesk, by their keys. Written when the user is made and whenever they change.',
  'identity.showOnTicket':
    'How well an e-mail or phone must be known to be used in a ticket’s subject, fields and tags, in notes and in history: `stated` (weakest), `platform`, `shop-api`, `platform-phone`, `verified-code`, `signed-link` or `admin` (strongest).',
  'identity.match': 'The same, to look the customer up by it.',
  'identity.writePerson': 'The same, to write it to the customer’s user at the helpdesk.',
  'identity.writeContact': 'The same, to write it to a contact.',
  'identity.askForEmail':
    'Whether whoever writes is asked for their e-mail address, which a mailed code then verifies. Needs `mail` in the configuration.',
  'identity.askText': 'Said in the chat to ask for the address.',
  'identity.codeSentText': 'Said once the code is mailed.',
  'identity.wrongCodeText': 'Said after a wrong code.',
  'identity.lateCodeText': 'Said when the code held no longer, or was answered wrongly five times.',
  'identity.verifiedText': 'Said when the code was right.',
  'identity.mailSubject': 'Subject of the mail with the code.',
  'identity.mailText': 'Text of the mail with the code.',
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
  'notes.routingFailed': 'The internal note on a ticket that could not be routed as the rules say.',
  'openingHours.timeZone': 'As IANA names it: `Europe/Paris`.',
  ...Object.fromEntries(
    ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
      `openingHours.${day}`,
      'Spans such as `09:00-12:30`, up to `24:00`; none: closed.',
    ]),
  ),
  'openingHours.holidays': 'Days on which it is closed: `2026-04-06`, or `12-25` for every year.',
  'openingHours.special': 'Other hours on one day: `{ "2026-12-24": ["09:00-12:00"] }`.',
  ...automatic('welcome', 'Sent to whoever writes for the first time.'),
  'automaticTexts.welcome.again': 'Also to somebody who was silent for so long: `90d`.',
  ...automatic('outOfHours', 'Sent to whoever writes while it is closed; once until it opens.'),
  ...automatic('fileTooLarge', 'Sent when a file was larger than `media.maxBytes`; once a day.'),
  ...automatic('fileRefused', 'Sent when a file could not be had for another reason; once a day.'),
  ...automatic('consent.stopped', 'Sent after STOP, and when something is no longer wanted.'),
  ...automatic('consent.started', 'Sent after START.'),
  ...automatic('consent.agreed', 'Sent when the customer agreed in the chat: a keyword, a button, a yes.'),
  ...automatic('consent.help', 'Sent after HELP.'),
  ...automatic(
    'consent.question',
    'Asks for the yes that `notices.doubleOptIn` wants; has words of its own by default. The first two choices are yes and no.',
  ),
  'agentApp.quickReplies[].title': 'What agents choose it by, in the app beside the ticket.',
  ...text('agentApp.quickReplies[]', 'What an agent sends with a click, while the window is open.'),
  ...text('agentApp.askEmail', 'Sent when an agent asks for the e-mail address.'),
  ...text('agentApp.askPhone', 'Sent when an agent asks for the phone number.'),
};

/** A text that is sent by itself. */
function automatic(name: string, what: string): Record<string, string> {
  return text(`automaticTexts.${name}`, what);
}

/** One text for everybody or one for each language, and what can be tapped under it. */
function text(path: string, what: string): Record<string, string> {
  return {
    [`${path}.text`]: `${what} One text, or one for each language (\`fr\`) with a \`default\`.`,
    [`${path}.choices[].title`]: 'To tap under the text; cut to what the channel shows.',
    [`${path}.choices[].payload`]: 'What the tap sends back; either this or `url`.',
    [`${path}.choices[].url`]: 'What the tap opens (https).',
  };
}

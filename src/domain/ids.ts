/** A type that only this name's makers produce, so that two kinds of id cannot be swapped by mistake. */
type Branded<Name extends string> = string & { readonly _: Name };

/** Names one configured account (`channels[].id`, `helpdesks[].id`, `crms[].id`). Stored in rows and URLs; never changes. */
export type AccountId = Branded<'AccountId'>;
/** How a platform names the account an event is for: a page id, a phone number id… Unique within a channel kind. */
export type AccountAddress = Branded<'AccountAddress'>;
/** The customer as a platform names them (PSID, wa_id, openid…). Unique within one account. */
export type PlatformUserId = Branded<'PlatformUserId'>;
/** Given by the platform; unique within one account. */
export type MessageId = Branded<'MessageId'>;
/** The helpdesk's id of a ticket. Unique within one helpdesk account. */
export type TicketId = Branded<'TicketId'>;
/** The helpdesk's id of a comment. Unique within one helpdesk account. */
export type CommentId = Branded<'CommentId'>;
/** The helpdesk's id of a person: a customer or an agent. Unique within one helpdesk account. */
export type PersonId = Branded<'PersonId'>;
/** The CRM's id of a contact. Unique within one CRM account. */
export type ContactId = Branded<'ContactId'>;
/** What we put on an outgoing write so that it can be found again: in audit metadata, in message metadata… */
export type Marker = Branded<'Marker'>;

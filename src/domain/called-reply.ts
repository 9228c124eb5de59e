/** Before the name of a reply that was handed over by the helpdesk itself, where other messages have a platform's id. */
const prefix = 'called:';

/** The id under which such a reply stands in the ledger, and is named to the helpdesk. `key` is the helpdesk's own, unique there. */
export const calledReplyId = (key: string): string => `${prefix}${key}`;

export const isCalledReply = (platformId: string | undefined): platformId is string =>
  platformId?.startsWith(prefix) ?? false;

/** Refused with what is wrong, for the page to show. */
export class BadAction extends Error {}

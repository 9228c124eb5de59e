import type { Variables } from '../kit/template.ts';

interface Explained {
  what: string;
  example: string;
}

/** Every variable of the mapping with its fields: the check knows no other, and the reference is drawn from here. */
export const explained = {
  channel: {
    id: { what: 'The account’s id in the configuration.', example: 'acme-page' },
    kind: { what: 'The kind of channel, as in the configuration.', example: '{kind}' },
    label: { what: 'Its name.', example: '{label}' },
  },
  customer: {
    name: { what: 'The name, or one that tells customers apart where none is known.', example: 'Ana Núñez' },
    firstName: { what: 'The first name, where the platform tells it.', example: 'Ana' },
    lastName: { what: 'The last name, where the platform tells it.', example: 'Núñez' },
    email: { what: 'The e-mail address, where it is known.', example: 'ana@example.com' },
    phone: { what: 'The phone number in E.164, where it is known.', example: '+34600111222' },
    locale: { what: 'The language and country the platform tells.', example: 'es_ES' },
    platformUserId: { what: 'Who they are on the platform.', example: '24680135790' },
    attributes: {
      what: 'What the shop told of the customer, by name: `customer.attributes.orderState`.',
      example: 'shipped',
    },
  },
  conversation: { id: { what: 'The conversation’s number here.', example: '1234' } },
  referral: {
    ref: { what: 'The `ref` of the link they came by.', example: 'summer-sale' },
    source: { what: 'What kind of link or ad it was, in the platform’s word.', example: 'ADS' },
    adId: { what: 'The ad they came by.', example: '6045246247433' },
    title: { what: 'Its title.', example: 'Summer shoes' },
  },
  language: { what: 'The language they write in, else that of their locale (ISO 639-1).', example: 'es' },
  order: {
    number: { what: 'The customer’s latest order, as the shop numbers it.', example: 'NW-10077' },
    state: { what: 'What happened to it last: `shipped`.', example: 'delayed' },
    shop: { what: 'Which shop told of it.', example: 'shop' },
    updatedAt: { what: 'When, in UTC.', example: '2026-01-31T09:00:00.000Z' },
    url: { what: 'Where the customer sees it.', example: 'https://shop.example/orders/NW-10077' },
    currency: { what: 'ISO 4217.', example: 'EUR' },
    total: { what: 'What it costs, in minor units: `{{ order.total | money: order.currency }}`.', example: '10850' },
    tracking: { what: 'The parcel’s number.', example: 'PN123456' },
    trackingUrl: { what: 'Where the parcel can be followed.', example: 'https://track.example/PN123456' },
  },
  ticket: { id: { what: 'The ticket’s number at the helpdesk.', example: '31' } },
  contact: {
    id: { what: 'The contact’s id in the CRM.', example: '003Aj00000Abcde' },
    leadId: { what: 'The lead’s id, where the customer is a lead.', example: '00QAj00000Abcde' },
  },
  message: {
    id: { what: 'The message’s number here.', example: '98765' },
    text: { what: 'What was said, files as their names.', example: 'Where is my order?' },
    at: { what: 'When, in UTC.', example: '2026-01-31T09:00:00.000Z' },
    direction: { what: '`in` from the customer, `out` to them.', example: 'in' },
    author: { what: 'Who said it.', example: 'Ana Núñez' },
  },
  hours: {
    open: { what: 'Whether it is within the opening hours.', example: 'false' },
    opensAt: { what: 'When it opens next, in UTC.', example: '2026-02-02T08:00:00.000Z' },
    timeZone: { what: 'The time zone of the opening hours.', example: 'Europe/Paris' },
  },
  file: {
    name: { what: 'The file’s name.', example: 'holiday.mov' },
    reason: { what: 'Why it could not be taken.', example: 'it is larger than 25 MB' },
  },
  email: { what: 'The address that is to be verified.', example: 'ana@example.com' },
  code: { what: 'The code that is mailed there.', example: '482915' },
  purpose: { what: 'What the customer agrees to, or no longer wants: `*` is everything.', example: 'marketing' },
  reason: { what: 'Why it failed, in plain words.', example: 'they blocked the page' },
} satisfies Record<string, Explained | Record<string, Explained>>;

type Name = keyof typeof explained;

/** Those that hold a value themselves rather than fields. */
const isValue = (name: Name): boolean => typeof (explained[name] as Partial<Explained>).what === 'string';

const fieldsOf = (name: Name): string[] => (isValue(name) ? [] : Object.keys(explained[name]));

const only = (...names: Name[]): Variables => Object.fromEntries(names.map((name) => [name, fieldsOf(name)]));

const always = ['channel', 'customer', 'conversation'] as const;

/** What expressions can use, by where they stand. A variable that is never filled there is refused, not left blank. */
export const variables = {
  ticket: only(...always, 'referral', 'language', 'order'),
  contact: only(...always),
  /** A task: one for a whole ticket. */
  history: only(...always, 'ticket'),
  /** A custom object: one for each message. */
  message: only(...always, 'ticket', 'contact', 'message'),
  note: only(...always),
  failureNote: only(...always, 'reason'),
  /** What is said in the chat about an address to be verified. */
  emailCheck: only(...always, 'email'),
  /** The mail with the code. */
  codeMail: only(...always, 'email', 'code'),
  /** Texts that are sent by themselves. */
  automatic: only(...always, 'language', 'hours'),
  automaticFile: only(...always, 'language', 'hours', 'file'),
  automaticConsent: only(...always, 'language', 'hours', 'purpose'),
};

import { caseObjects } from './case-objects.ts';
import { consentObjects } from './consent-objects.ts';
import { type Field, field, key, longText, type ObjectSchema, object, picklist, reference, string } from './schema.ts';

/** A field an admin may add: who the person is at the shop. */
const shopCustomer: Field = string('Shop_Customer_Id__c', 255, { externalId: true });

const joined = (...names: string[]): Pick<Field, 'computed' | 'readOnly'> => ({
  readOnly: true,
  computed: (record) =>
    names
      .map((name) => record[name])
      .filter(Boolean)
      .join(' '),
});

const person: Field[] = [
  picklist('Salutation'),
  string('FirstName', 40),
  string('LastName', 80, { required: true }),
  string('Name', 121, joined('FirstName', 'LastName')),
  field('Email', 'email', { length: 80 }),
  field('Phone', 'phone', { length: 40 }),
  field('MobilePhone', 'phone', { length: 40 }),
  string('Title', 128),
  picklist('LeadSource'),
  longText('Description', 32_000),
];

const contact = object('Contact', 'Contact', '003', [
  ...person,
  reference('AccountId', 'Account'),
  field('HomePhone', 'phone', { length: 40 }),
  string('Department', 80),
  string('MailingCity', 40),
  string('MailingCountry', 80),
  field('HasOptedOutOfEmail', 'boolean', { default: false }),
  field('Marketing_Opt_In__c', 'boolean', { default: false }),
  reference('IndividualId', 'Individual'),
  shopCustomer,
  key,
]);

const lead = object('Lead', 'Lead', '00Q', [
  ...person,
  string('Company', 255, { required: true }),
  picklist('Status', { default: 'Open - Not Contacted' }),
  field('IsConverted', 'boolean', { readOnly: true, default: false }),
  { ...reference('ConvertedContactId', 'Contact'), readOnly: true },
  reference('IndividualId', 'Individual'),
  shopCustomer,
  key,
]);

const account = object('Account', 'Account', '001', [
  string('Name', 255, { required: true }),
  field('Phone', 'phone', { length: 40 }),
  field('Website', 'url', { length: 255 }),
  picklist('Type'),
  longText('Description', 32_000),
]);

const task = object('Task', 'Task', '00T', [
  string('Subject', 255),
  longText('Description', 32_000),
  picklist('Status', { default: 'Not Started' }),
  picklist('Priority', { default: 'Normal' }),
  picklist('Type'),
  picklist('TaskSubtype', { default: 'Task', values: ['Task', 'Email', 'ListEmail', 'Call', 'LinkedIn', 'Cadence'] }),
  field('ActivityDate', 'date'),
  reference('WhoId', 'Contact', 'Lead'),
  reference('WhatId', 'Account', 'Case'),
  field('IsClosed', 'boolean', { readOnly: true, computed: (record) => record['Status'] === 'Completed' }),
  field('IsReminderSet', 'boolean', { default: false }),
  key,
]);

const user = object('User', 'User', '005', [
  string('Username', 80, { required: true }),
  string('FirstName', 40),
  string('LastName', 80, { required: true }),
  string('Name', 121, joined('FirstName', 'LastName')),
  field('Email', 'email', { length: 128 }),
  field('IsActive', 'boolean', { default: true }),
  picklist('UserType', { default: 'Standard' }),
]);

const organization = object('Organization', 'Organization', '00D', [
  string('Name', 80, { required: true }),
  string('InstanceName', 5),
  field('IsSandbox', 'boolean', { default: false }),
  picklist('OrganizationType', { default: 'Developer Edition' }),
  string('NamespacePrefix', 15),
  field('TrialExpirationDate', 'datetime'),
]);

const message = object('Passerelle_Message__c', 'Passerelle Message', 'a00', [
  string('Name', 80, { readOnly: true, numbered: 'PM-' }),
  key,
  reference('Contact__c', 'Contact'),
  picklist('Direction__c', { values: ['in', 'out'] }),
  longText('Text__c', 131_072),
  field('Sent_At__c', 'datetime'),
  string('Channel__c'),
  string('Author__c'),
  string('Conversation__c'),
  string('Ticket__c'),
  field('Ticket_Url__c', 'url', { length: 255 }),
]);

/** What Account has besides in an org with Person Accounts; of the contact's own fields those end with `__pc`. */
export const personFields: Field[] = [
  field('IsPersonAccount', 'boolean', { readOnly: true, default: false }),
  { ...reference('PersonContactId', 'Contact'), readOnly: true },
  string('FirstName', 40),
  string('LastName', 80),
  field('PersonEmail', 'email', { length: 80 }),
  field('PersonMobilePhone', 'phone', { length: 40 }),
  { ...shopCustomer, name: 'Shop_Customer_Id__pc' },
  { ...key, name: 'Passerelle_Key__pc' },
];

/** The objects of the simulated org: standard ones, the key field where the guide adds it, and the message object. */
export const objects: ObjectSchema[] = [
  contact,
  lead,
  account,
  ...consentObjects,
  ...caseObjects,
  task,
  user,
  organization,
  message,
];

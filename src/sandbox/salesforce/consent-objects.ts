import { field, key, type ObjectSchema, object, picklist, reference, string } from './schema.ts';

const individual = object('Individual', 'Individual', '0PK', [
  string('FirstName', 40),
  string('LastName', 80, { required: true }),
  field('HasOptedOutSolicit', 'boolean', { default: false }),
  field('HasOptedOutTracking', 'boolean', { default: false }),
  field('HasOptedOutProcessing', 'boolean', { default: false }),
  field('ShouldForget', 'boolean', { default: false }),
  key,
]);

const contactPoints = ['Email', 'MailingAddress', 'Phone', 'Social', 'Web'];

const dataUsePurpose = object('DataUsePurpose', 'Data Use Purpose', '0ZW', [string('Name', 255, { required: true })]);

const contactPointTypeConsent = object('ContactPointTypeConsent', 'Contact Point Type Consent', '0ZX', [
  string('Name', 255, { required: true }),
  { ...reference('PartyId', 'Individual'), required: true },
  picklist('ContactPointType', { required: true, values: contactPoints }),
  picklist('CaptureContactPointType', { required: true, values: contactPoints }),
  field('CaptureDate', 'datetime', { required: true }),
  string('CaptureSource', 255, { required: true }),
  picklist('PrivacyConsentStatus', { values: ['NotSeen', 'Seen', 'OptIn', 'OptOut'] }),
  field('EffectiveFrom', 'datetime'),
  field('EffectiveTo', 'datetime'),
  field('DoubleConsentCaptureDate', 'datetime'),
  reference('DataUsePurposeId', 'DataUsePurpose'),
  key,
]);

/** Who a contact is as a person, and what they agreed to, as an org with Data Protection and Privacy has them. */
export const consentObjects: ObjectSchema[] = [individual, dataUsePurpose, contactPointTypeConsent];

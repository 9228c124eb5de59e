import { z } from 'zod';
import type { ContactId } from '../../domain/ids.ts';
import type { Clock } from '../../kit/clock.ts';
import type { HeldConsent, HeldState } from '../crm.ts';
import type { ConsentSettings } from './consent-settings.ts';

/** The field of Individual and ContactPointTypeConsent that keeps our key. */
export const consentKeyField = 'Passerelle_Key__c';

export const contactRow = z.looseObject({
  Id: z.string(),
  IndividualId: z.string().nullish(),
  CreatedDate: z.string(),
  LastModifiedDate: z.string(),
});
export type ContactRow = z.infer<typeof contactRow>;

export const consentRow = z.looseObject({
  Id: z.string(),
  PartyId: z.string().nullish(),
  ContactPointType: z.string().nullish(),
  PrivacyConsentStatus: z.string().nullish(),
  EffectiveFrom: z.string().nullish(),
  EffectiveTo: z.string().nullish(),
  CaptureDate: z.string().nullish(),
  CaptureSource: z.string().nullish(),
  DataUsePurposeId: z.string().nullish(),
  LastModifiedDate: z.string(),
});
export type ConsentRow = z.infer<typeof consentRow>;

/** Of a value of a field: a yes, a no, or nothing said. */
function stateOfValue({ granted, revoked }: ConsentSettings['fields'][number], value: unknown): HeldState {
  if (revoked.some((each) => each === value)) return 'revoked';
  return granted.some((each) => each === value) ? 'granted' : 'none';
}

/**
 * What the fields of a contact say. A yes is known since the record was made, at the earliest it can be, so that a box ticked long
 * ago never goes before what the customer said since.
 */
export const heldInFields = ({ fields }: ConsentSettings, row: ContactRow): HeldConsent[] =>
  fields.map((rule) => {
    const state = stateOfValue(rule, row[rule.field] ?? null);
    const changedAt = new Date(row.LastModifiedDate);
    return {
      name: `Contact.${rule.field}`,
      contact: row.Id as ContactId,
      channel: rule.channel,
      purpose: rule.purpose,
      state,
      since: state === 'granted' ? new Date(row.CreatedDate) : changedAt,
      changedAt,
      words: `Contact.${rule.field} of ${row.Id}`,
    };
  });

/** Object Reference, ContactPointTypeConsent: PrivacyConsentStatus. */
export const statuses: Record<HeldState, string> = {
  granted: 'OptIn',
  revoked: 'OptOut',
  pending: 'Seen',
  none: 'NotSeen',
};

const stateOfStatus = (status: string | null | undefined): HeldState =>
  (Object.keys(statuses) as HeldState[]).find((state) => statuses[state] === status) ?? 'none';

const laterOrNot = (text: string | null | undefined, now: Date): boolean =>
  text !== null && text !== undefined && new Date(text) > now;

/** What a record says now; undefined for one that no rule speaks of. */
export function heldInRecord(
  { records }: ConsentSettings,
  row: ConsentRow,
  contact: ContactId,
  clock: Clock,
): HeldConsent | undefined {
  const now = clock.now();
  const over = row.EffectiveTo ? !laterOrNot(row.EffectiveTo, now) : false;
  const state = over || laterOrNot(row.EffectiveFrom, now) ? 'none' : stateOfStatus(row.PrivacyConsentStatus);
  const changedAt = new Date(row.LastModifiedDate);
  const told = row.EffectiveFrom ?? row.CaptureDate;
  const common = {
    ...{ contact, state, changedAt, since: told ? new Date(told) : changedAt },
    words: `ContactPointTypeConsent ${row.Id}: ${row.PrivacyConsentStatus ?? 'no status'}, captured by ${row.CaptureSource ?? '?'}`,
  };
  const key = row[consentKeyField];
  if (typeof key === 'string' && key !== '') return { ...common, name: key, ours: true };
  const rule = records.find((each) => fits(each, row));
  return rule && { ...common, name: row.Id, channel: rule.channel, purpose: rule.purpose };
}

const fits = (rule: ConsentSettings['records'][number], row: ConsentRow): boolean =>
  rule.contactPointType === row.ContactPointType &&
  (rule.dataUsePurposeId === undefined || row.DataUsePurposeId?.slice(0, 15) === rule.dataUsePurposeId.slice(0, 15));

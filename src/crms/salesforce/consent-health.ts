import type { Finding } from '../../domain/finding.ts';
import type { Connection } from '../../salesforce/connection.ts';
import type { CrmField } from '../crm.ts';
import type { ConsentSettings } from './consent-settings.ts';
import { describeObject } from './describe.ts';
import { consentKeyField } from './held-consents.ts';

/** Whether what `consent` names is there, and may be read or written. */
export async function checkConsents(connection: Connection, settings: ConsentSettings | undefined): Promise<Finding[]> {
  if (!settings) return [];
  const { fields, records, write } = settings;
  const wanted: Wanted[] = [
    ...(fields.length > 0 ? [{ object: 'Contact', fields: fields.map(({ field }) => field) }] : []),
    ...(write || records.length > 0 ? [{ object: 'Contact', fields: ['IndividualId'] }] : []),
    ...(write ? [{ object: 'Individual', fields: [consentKeyField], key: true as const }] : []),
    ...(write ? [{ object: 'ContactPointTypeConsent', fields: [consentKeyField], key: true as const }] : []),
    ...(!write && records.length > 0 ? [{ object: 'ContactPointTypeConsent', fields: ['PartyId'] }] : []),
  ];
  const findings: Finding[] = [];
  for (const each of wanted) findings.push(await checkObject(connection, each));
  return findings;
}

interface Wanted {
  object: string;
  fields: string[];
  /** It has to be an external id that is unique. */
  key?: true;
}

async function checkObject(connection: Connection, { object, fields, key }: Wanted): Promise<Finding> {
  const what = `Salesforce consents: ${object} (${fields.join(', ')})`;
  const described = await describeObject(connection, object);
  if (described.result !== 'done') return { ok: false, what, why: described.why };
  const there = described.value;
  if (!there) return { ok: false, what, why: `there is no ${object} that the user may see`, fix: switchOn };
  const good = ({ externalId, unique }: CrmField) => !key || (externalId && unique);
  const missing = fields.filter((name) => !there.some((field) => field.name === name && good(field)));
  if (missing.length === 0) return { ok: true, what };
  const fix = key ? 'run passerelle provision salesforce' : 'correct `consent`, or give the user access to the field';
  return {
    ok: false,
    what,
    why: `${missing.join(', ')}: not there, hidden from the user, or no unique external id`,
    fix,
  };
}

const switchOn = 'switch on Data Protection and Privacy in Setup, and give the user access to its objects';

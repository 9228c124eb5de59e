import { personFields } from './objects.ts';
import { insertRow, type Org, rowsOf, updateRow } from './org.ts';

/** A person as an org with Person Accounts keeps them; names are those of Contact. */
export interface PersonAccount {
  FirstName?: string;
  LastName: string;
  Email?: string;
  Phone?: string;
  MobilePhone?: string;
  Shop_Customer_Id__c?: string;
  Passerelle_Key__c?: string;
}

/** The lead becomes the contact: it takes no more changes, and its tasks go over. */
export function convertLead(org: Org, lead: string, contact: string): void {
  const row = org.tables.get('Lead')?.get(lead);
  if (!row || !org.tables.get('Contact')?.has(contact)) throw new Error(`no lead ${lead} or no contact ${contact}`);
  updateRow(org, schemaNamed(org, 'Lead'), row, { IsConverted: true, ConvertedContactId: contact });
  for (const task of rowsOf(org, 'Task').filter(({ WhoId }) => WhoId === lead))
    updateRow(org, schemaNamed(org, 'Task'), task, { WhoId: contact });
}

/** The contact of a person account is a Contact like others; the account repeats its fields. */
export function addPersonAccount(org: Org, person: PersonAccount): { account: string; contact: string } {
  withPersonAccounts(org);
  const contact = insertRow(org, schemaNamed(org, 'Contact'), { ...person });
  const account = insertRow(org, schemaNamed(org, 'Account'), {
    Name: contact['Name'],
    IsPersonAccount: true,
    PersonContactId: contact.Id,
    FirstName: person.FirstName ?? null,
    LastName: person.LastName,
    Phone: person.Phone ?? null,
    PersonEmail: person.Email ?? null,
    PersonMobilePhone: person.MobilePhone ?? null,
    Shop_Customer_Id__pc: person.Shop_Customer_Id__c ?? null,
    Passerelle_Key__pc: person.Passerelle_Key__c ?? null,
  });
  updateRow(org, schemaNamed(org, 'Contact'), contact, { AccountId: account.Id });
  return { account: account.Id, contact: contact.Id };
}

function withPersonAccounts(org: Org): void {
  const schema = schemaNamed(org, 'Account');
  if (schema.fields.some(({ name }) => name === 'IsPersonAccount')) return;
  org.schemas.set('Account', { ...schema, fields: [...schema.fields, ...personFields] });
}

function schemaNamed(org: Org, name: string) {
  const schema = org.schemas.get(name);
  if (!schema) throw new Error(`the org has no object ${name}`);
  return schema;
}

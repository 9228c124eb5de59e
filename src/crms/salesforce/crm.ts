import type { Tools } from '../../kit/tools.ts';
import { openConnection } from '../../salesforce/connection.ts';
import type { Crm, CrmSession } from '../crm.ts';
import { type SalesforceAccount, salesforceAccount } from './account.ts';
import { checkConsents } from './consent-health.ts';
import { makeConsents } from './consents.ts';
import { createContact, findContacts } from './contacts.ts';
import { describeObject } from './describe.ts';
import { eraseRecord } from './erase.ts';
import { checkHealth } from './health.ts';
import { recordHistory, taskLengths } from './history.ts';

export const salesforce: Crm<SalesforceAccount> = {
  kind: 'salesforce',
  label: 'Salesforce',
  account: salesforceAccount,
  limits: { descriptionLength: taskLengths.description, subjectLength: taskLengths.subject },
  connect: (account, tools) => connectSalesforce(account, tools),
};

/** As `salesforce.connect`. `timeoutMs` is how long one request may take. */
export function connectSalesforce(account: SalesforceAccount, tools: Tools, timeoutMs?: number): CrmSession {
  const connection = openConnection(account, tools, timeoutMs);
  return {
    findContacts: (searches) => findContacts(connection, searches),
    createContact: (draft, key, evenIfDuplicate) => createContact(connection, draft, key, evenIfDuplicate),
    recordHistory: (entry) => recordHistory(connection, entry),
    eraseRecord: (record) => eraseRecord(connection, record),
    ...(account.consent ? { consents: makeConsents(account.consent, connection, tools.clock) } : {}),
    describe: (object) => describeObject(connection, object),
    // The org's site sends people on to the record's own page, whatever its object.
    recordUrl: (id) => `${connection.siteUrl()}/${encodeURIComponent(id)}`,
    checkHealth: async () => [
      ...(await checkHealth(connection)),
      ...(await checkConsents(connection, account.consent)),
    ],
  };
}

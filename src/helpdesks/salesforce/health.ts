import { z } from 'zod';
import type { Finding } from '../../domain/finding.ts';
import { type Connection, readAs } from '../../salesforce/connection.ts';
import { troubleOf } from '../../salesforce/outcome.ts';
import { fieldOrNone, type SalesforceDesk } from './account.ts';

/** Whether the login works, and the org has what Cases are written with. */
export async function checkHealth(desk: SalesforceDesk, connection: Connection): Promise<Finding[]> {
  const token = await connection.logIn();
  const what = 'Salesforce login';
  if (token.result !== 'done') return [{ ok: false, what, why: token.why, fix: 'correct the account’s settings' }];
  return [
    { ok: true, what },
    ...(await caseFindings(desk, connection)),
    await objectFinding(connection, desk.comments === 'case-comment' ? 'CaseComment' : 'FeedItem'),
    await objectFinding(connection, 'ContentVersion'),
  ];
}

const description = z.object({
  createable: z.boolean().catch(true),
  fields: z.array(
    z.object({
      name: z.string(),
      externalId: z.boolean().optional(),
      unique: z.boolean().optional(),
      updateable: z.boolean().optional(),
    }),
  ),
});
type Description = z.infer<typeof description>;

const provision = (desk: SalesforceDesk) => `run passerelle provision salesforce ${desk.id}`;

async function caseFindings(desk: SalesforceDesk, connection: Connection): Promise<Finding[]> {
  const described = await describe(connection, 'Case');
  const what = 'Salesforce object Case';
  if ('why' in described) return [{ ok: false, what, why: described.why, fix: 'give the user access to Cases' }];
  const tagsField = fieldOrNone(desk.tagsField);
  return [
    keyFinding(desk, described),
    textFinding(desk, described, desk.markerField),
    ...(tagsField ? [textFinding(desk, described, tagsField)] : []),
  ];
}

function keyFinding(desk: SalesforceDesk, { fields }: Description): Finding {
  const what = `Salesforce field Case.${desk.keyField}`;
  const field = fields.find(({ name }) => name === desk.keyField);
  if (field?.externalId && field.unique && field.updateable !== false) return { ok: true, what };
  const why = !field
    ? 'it does not exist, or the user may not see it'
    : field.updateable === false
      ? 'the user may not write it'
      : 'it is not both an external id and unique, so that a Case could be opened twice';
  return { ok: false, what, why, fix: provision(desk) };
}

function textFinding(desk: SalesforceDesk, { fields }: Description, wanted: string): Finding {
  const what = `Salesforce field Case.${wanted}`;
  const field = fields.find(({ name }) => name === wanted);
  if (field && field.updateable !== false) return { ok: true, what };
  const why = field ? 'the user may not write it' : 'it does not exist, or the user may not see it';
  return { ok: false, what, why, fix: provision(desk) };
}

async function objectFinding(connection: Connection, object: string): Promise<Finding> {
  const what = `Salesforce object ${object}`;
  const described = await describe(connection, object);
  if ('why' in described) return { ok: false, what, why: described.why, fix: `give the user access to ${object}` };
  if (described.createable) return { ok: true, what };
  return { ok: false, what, why: 'the user may not create any', fix: `let the user create ${object}` };
}

async function describe(connection: Connection, object: string): Promise<Description | { why: string }> {
  const reply = await connection.ask({ method: 'GET', path: `/sobjects/${object}/describe` });
  const read = reply.result === 'done' ? readAs(description, reply.value) : troubleOf(reply, true);
  return read.result === 'done' ? read.value : { why: read.why };
}

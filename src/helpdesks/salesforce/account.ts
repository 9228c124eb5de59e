import { z } from 'zod';
import { seconds } from '../../domain/duration.ts';
import type { AccountId } from '../../domain/ids.ts';
import { actsWithin } from '../../kit/acts-within.ts';
import { Secret } from '../../kit/secret.ts';
import { checkLogin, loginFields } from '../../salesforce/login.ts';

const id = () =>
  z
    .string()
    .min(1)
    .transform((text) => text as AccountId);

const fieldName = z.string().regex(/^[A-Za-z]\w{0,79}$/, 'not the API name of a field, such as Passerelle_Key__c');
const value = () => z.string().trim().min(1);

const fields = z.strictObject({
  id: id().describe('Names this org as a place of tickets. Stored in rows and URLs, so it never changes.'),
  kind: z.literal('salesforce').describe('Always "salesforce".'),
  ...loginFields,
  comments: z
    .enum(['case-comment', 'feed-item'])
    .default('case-comment')
    .describe(
      'What messages become, and where agents answer: "case-comment", comments of the Case; or "feed-item", posts in its feed.',
    ),
  crm: id()
    .optional()
    .describe(
      'The entry under crms for the same org. A Case is then tied to the Contact found there, and the conversation is no Task beside the Case.',
    ),
  alsoHistory: z
    .boolean()
    .default(false)
    .describe('With crm: write the mapping’s history as well, although the conversation is on the Case.'),
  keyField: fieldName
    .default('Passerelle_Key__c')
    .describe('Field of Case that holds our key: Text 255, External ID, unique, case sensitive.'),
  markerField: fieldName
    .default('Passerelle_Marker__c')
    .describe('Field of Case (Text 255) that holds the mark of our last write, by which a lost answer is looked up.'),
  tagsField: fieldName
    .default('Passerelle_Tags__c')
    .describe('Field of Case (Text 255) for tags, with blanks between them. "none": tags are left out.'),
  contactKeyField: fieldName
    .default('Passerelle_Key__c')
    .describe('Field of Contact by which the customer is found. "none": only the Contact that crm finds is used.'),
  origin: value().default('Web').describe('Case Origin of a chat. The mapping’s tickets.fields may say another.'),
  newStatus: value().default('New').describe('Case Status of a new one.'),
  reopenedStatus: value().default('Working').describe('Case Status of one that the customer’s next message reopens.'),
  closedCases: z
    .enum(['reopen', 'follow-up'])
    .default('reopen')
    .describe(
      'What a customer’s message on a closed Case does: "reopen" it, within tickets.reopenSolvedWithin; or open a "follow-up", its child.',
    ),
  event: fieldName
    .default('Passerelle_Case_Event__e')
    .describe(
      'The platform event that a flow publishes when somebody writes on a Case: then replies go out at once. "none": within a minute.',
    ),
  actsWithin: actsWithin(seconds(60), { thing: 'a comment', answersWithin: '30 s' }),
  webhookSecret: value()
    .transform((text) => new Secret(text))
    .optional()
    .describe('For a flow or Apex that tells of a change by HTTP: what it sends as Authorization: Bearer {secret}.'),
});

/** One `helpdesks[]` entry of kind salesforce. */
export const salesforceDesk = fields.check(checkLogin);

export type SalesforceDesk = z.infer<typeof salesforceDesk>;

/** The field or event a setting names; undefined where it says `none`. */
export const fieldOrNone = (name: string): string | undefined => (name === 'none' ? undefined : name);

import { z } from 'zod';

/** The API name of a field or object of the CRM. */
export const fieldName = z
  .string()
  .regex(/^[A-Za-z]\w*$/, 'not a name of a field or object, such as Passerelle_Key__c');

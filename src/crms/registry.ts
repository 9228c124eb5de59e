// One line per CRM; nothing else belongs here.
export { salesforce } from './salesforce/crm.ts';

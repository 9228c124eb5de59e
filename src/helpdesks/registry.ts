// One line per helpdesk; nothing else belongs here.
export { salesforce } from './salesforce/helpdesk.ts';
export { zendesk } from './zendesk/helpdesk.ts';

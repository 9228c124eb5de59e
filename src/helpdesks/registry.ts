// One line per helpdesk; nothing else belongs here.
export { zendesk } from './zendesk/helpdesk.ts';

// Builds the page of the app beside the ticket into `dist/zendesk-app`; see build-console.mjs.
import { buildPages } from './build-console.mjs';

const pages = {
  name: 'zendesk-app',
  what: 'the app beside the ticket',
  config: 'zendesk-app/vite.config.ts',
  sources: [
    'zendesk-app/page',
    'zendesk-app/vite.config.ts',
    'package-lock.json',
    'scripts/build-console.mjs',
    'scripts/build-zendesk-app.mjs',
  ],
};

export const buildZendeskApp = (node = process.execPath) => buildPages(pages, node);

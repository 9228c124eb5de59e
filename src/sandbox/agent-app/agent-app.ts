import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import express, { type Response, Router } from 'express';
import type { ZendeskSimulator } from '../contract.ts';
import { type Installed, proxied } from './proxy.ts';

/** The app as it is installed at the simulated Zendesk. */
export interface AgentAppPlace {
  /** The repository. */
  root: string;
  zendesk: Pick<ZendeskSimulator, 'tickets'>;
  serviceUrl: string;
  helpdesk: string;
  appSecret: string;
}

const pageFolder = join(import.meta.dirname, 'page');
const framework = 'https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js';
const shownTickets = 50;

/**
 * An agent's view of a ticket with the app beside it: the page plays Zendesk's side of the framework, by the messages the real one
 * exchanges with an app's frame. The app's own files are those that go into the zip; only the framework's script, which comes from
 * Zendesk, is stood in for.
 */
export function makeAgentAppPage(place: AgentAppPlace): Router {
  const built = join(place.root, 'dist/zendesk-app');
  const router = Router();
  router.get('/tickets', (_request, response) => void response.json(ticketsAt(place)));
  router.get('/installation', async (_request, response) => void response.json(await shownInstallation(place)));
  router.post('/proxy', express.json({ limit: '200kb' }), async (request, response) => {
    const { status, text } = await proxied(await installed(place), request.body);
    response.json({ status, text });
  });
  router.get('/app/iframe.html', async (_request, response: Response) => {
    const html = await readFile(join(built, 'iframe.html'), 'utf8');
    response.type('html').send(html.replace(framework, '../zaf-sdk.js'));
  });
  router.use('/app', express.static(built));
  router.use(express.static(pageFolder));
  return router;
}

const ticketsAt = ({ zendesk }: AgentAppPlace) =>
  zendesk
    .tickets()
    .slice(-shownTickets)
    .reverse()
    .map(({ id, subject, requester, status, comments }) => ({
      ...{ id, subject, status, requester: requester.name },
      comments: comments
        .slice(-6)
        .map(({ authorName, public: isPublic, body }) => ({ author: authorName, public: isPublic, body })),
    }));

interface Manifest {
  version: string;
  parameters: { name: string; secure?: boolean; scopes?: string[] }[];
}

const manifestOf = async ({ root }: AgentAppPlace) =>
  JSON.parse(await readFile(join(root, 'zendesk-app/manifest.json'), 'utf8')) as Manifest;

/** What the app is told of its settings: none of the secure ones. */
async function shownInstallation(place: AgentAppPlace) {
  const { version, parameters } = await manifestOf(place);
  const values: Record<string, string> = { serviceUrl: place.serviceUrl, helpdesk: place.helpdesk };
  const settings = parameters.filter(({ secure }) => !secure).map(({ name }) => [name, values[name] ?? '']);
  return { version, settings: Object.fromEntries(settings) };
}

async function installed(place: AgentAppPlace): Promise<Installed> {
  const { parameters } = await manifestOf(place);
  const secrets = parameters
    .filter(({ secure }) => secure)
    .map(({ name, scopes = [] }) => [name, { value: place.appSecret, scopes }] as const);
  return { domainWhitelist: [new URL(place.serviceUrl).hostname], secrets: Object.fromEntries(secrets) };
}

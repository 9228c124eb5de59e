import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { makeAgentAppPage } from '../agent-app/agent-app.ts';
import { accounts, appSecret } from './account-data.ts';
import { actions } from './actions.ts';
import { BadAction } from './bad-action.ts';
import { type Live, makeLive } from './live.ts';
import { fileFrom, mediaFrom } from './media.ts';
import { keepFigures, makeLinks, readSections } from './sections.ts';
import { openShop, type Shop } from './shop.ts';
import { noSwitches, type Switches } from './switches.ts';
import { simulatorsOf, type World } from './world.ts';

export interface DemoServer {
  url: string;
  close(): Promise<void>;
}

const pageFolder = join(import.meta.dirname, '../page');

/** Serves the demo's page, tells it live what the simulators hold, and does what it asks. Only on 127.0.0.1. */
export async function startDemoServer(world: World, port = 0): Promise<DemoServer> {
  const switches = { ...noSwitches };
  const figures = keepFigures(world, () => live.changed());
  const links = makeLinks();
  const shop = openShop(world, () => live.changed());
  const live: Live = makeLive(() => readSections(world, switches, figures.latest(), links, shop));
  const sources = [...Object.values(simulatorsOf(world)), world.tap];
  const leave = sources.map((source) => source.onChange(() => live.changed()));
  const server = await listen(makeApp(world, switches, live, shop), port);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      figures.stop();
      shop.close();
      for (const stop of leave) stop();
      live.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function makeApp(world: World, switches: Switches, live: Live, shop: Shop): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/api/live', (request, response) => live.join(request, response));
  app.get('/media', mediaFrom([...Object.values(simulatorsOf(world)).map(({ url }) => url), world.tap.url]));
  app.get('/files/:kind/:message/:index', fileFrom(world.channels));
  app.post('/api/do/:action', express.json({ limit: '80mb' }), async (request, response) => {
    const action = actions[String(request.params['action'])];
    if (!action) throw new BadAction('There is no such action.');
    const result = await action.run(request.body, { world, switches, shop });
    live.changed();
    response.json({ result: result ?? null });
  });
  app.use(selfContained);
  app.use('/agent-app', makeAgentAppPage(agentAppIn(world)));
  app.use(express.static(pageFolder));
  app.use(refuse);
  return app;
}

const agentAppIn = ({ zendesk, service }: World) => ({
  root: join(import.meta.dirname, '../../..'),
  zendesk,
  ...{ serviceUrl: service.url, helpdesk: accounts.helpdesk, appSecret },
});

/** The page loads nothing from elsewhere, and the browser holds it to that. */
function selfContained(_request: Request, response: Response, next: NextFunction): void {
  response.set('content-security-policy', "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:");
  response.set('cache-control', 'no-store');
  next();
}

function refuse(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) {
    next(error);
    return;
  }
  const problem = error instanceof Error ? error.message : 'Something went wrong.';
  response.status(error instanceof BadAction ? 400 : 422).json({ problem });
}

function listen(app: Express, port: number): Promise<ReturnType<Express['listen']>> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, '127.0.0.1', (error?: Error) => (error ? reject(error) : resolve(server)));
  });
}

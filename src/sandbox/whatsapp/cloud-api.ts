import { createHmac } from 'node:crypto';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { badToken, CloudError, invalid, missing } from './cloud-error.ts';
import { acceptUpload, readMedia } from './media-api.ts';
import { acceptMessage } from './send-api.ts';
import * as setup from './setup-api.ts';
import type { World } from './state.ts';
import { readTemplates } from './templates.ts';

/** The routes of the Cloud API that a number's messaging needs, as strict as WhatsApp's. */
export function serveCloudApi(app: Express, world: World): void {
  const api = express.Router({ mergeParams: true });
  const json = express.json({ limit: '1mb' });
  const multipart = express.raw({ type: 'multipart/form-data', limit: '120mb' });
  const number = checkId(world.options.phoneNumberId);
  const business = checkId(world.options.businessAccountId);
  api.use(checkVersion, checkToken(world));
  api.get('/debug_token', (request, response) => {
    response.json(setup.debugToken(world, request.query['input_token']));
  });
  api.post('/:id/messages', json, number, (request, response) => {
    response.json(acceptMessage(world, request.body));
  });
  api.post('/:id/media', multipart, number, async (request, response) => {
    response.json(await acceptUpload(world, request.headers['content-type'] ?? '', request.body));
  });
  api.get('/:id/message_templates', business, (request, response) => {
    response.json(readTemplates(world.state.templates, request.query as Record<string, string>));
  });
  api.get('/:id/phone_numbers', business, (_request, response) => {
    response.json({ data: [setup.readNumber(world)] });
  });
  api.get(
    '/:id/subscribed_apps',
    business,
    (_request, response) => void response.json(setup.readSubscribedApps(world)),
  );
  api.post('/:id/subscribed_apps', business, (_request, response) => {
    world.state.subscribed = true;
    response.json({ success: true });
  });
  const ownApp = [checkId(world.options.appId), checkAppToken(world)];
  api.get('/:id/subscriptions', ownApp, (_request: Request, response: express.Response) => {
    response.json(setup.readAppSubscription(world));
  });
  api.post('/:id/subscriptions', json, ownApp, async (request: Request, response: express.Response) => {
    response.json(await setup.subscribeApp(world, request.body));
  });
  api.post('/:id', json, number, async (request, response) => {
    response.json(await setup.configureNumber(world, request.body));
  });
  api.get('/:id', (request, response) => {
    const id = String(request.params['id']);
    response.json(id === world.options.phoneNumberId ? setup.readNumber(world) : readMedia(world, id));
  });
  app.use('/:version', api);
  app.use(() => {
    throw unknownPath();
  });
}

const unknownPath = () => new CloudError(2500, 'Unknown path components', 'There is no such path.');

const checkVersion: RequestHandler = (request, _response, next) => {
  if (!/^v\d+\.\d+$/.test(String(request.params['version']))) throw unknownPath();
  next();
};

const tokenOf = (request: Request): unknown =>
  /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? request.query['access_token'];

const appToken = ({ options }: World): string => `${options.appId}|${options.appSecret}`;

/** The app demands the proof that its secret is known. */
const checkToken = (world: World): RequestHandler => {
  return (request, _response, next) => {
    const token = tokenOf(request);
    const { token: own, appSecret } = world.options;
    if (token !== appToken(world) && (token !== own || world.state.tokenExpired)) throw badToken(token === own);
    const proof = createHmac('sha256', appSecret).update(String(token)).digest('hex');
    if (request.query['appsecret_proof'] !== proof) throw invalid('An appsecret_proof is required, and must fit.');
    next();
  };
};

const checkAppToken = (world: World): RequestHandler => {
  return (request, _response, next) => {
    if (tokenOf(request) !== appToken(world))
      throw new CloudError(15, 'This method must be called with an app access_token', '');
    next();
  };
};

const checkId = (id: string): RequestHandler => {
  return (request, _response, next) => {
    const asked = String(request.params['id']);
    if (asked !== id) throw missing(asked);
    next();
  };
};

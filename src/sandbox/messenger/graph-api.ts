import { createHmac } from 'node:crypto';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { readConversations } from './conversations.ts';
import { badToken, GraphError, invalid } from './graph-error.ts';
import { linkTo } from './media.ts';
import { changeProfile, clearProfile, readProfile } from './page-profile.ts';
import { acceptMessage } from './send-api.ts';
import type { Customer, PageWorld, World } from './state.ts';
import {
  appSubscription,
  changeAppSubscription,
  subscribeApp,
  subscribedApps,
  unsubscribeApp,
} from './subscription.ts';
import { acceptUpload } from './upload-api.ts';

/** The routes of the Graph API that a page's messaging needs, as strict as Meta's. */
export function serveGraphApi(app: Express, world: PageWorld): void {
  const api = express.Router({ mergeParams: true });
  api.use(reportUsage(world), checkVersion);
  const { appId, appSecret, pageToken } = world.options;
  const ofApp = checkToken(world, `${appId}|${appSecret}`);
  api.get(`/${appId}/subscriptions`, ofApp, (_request, response) => void response.json(appSubscription(world)));
  api.post(`/${appId}/subscriptions`, ofApp, express.json(), async (request, response) => {
    response.json(await changeAppSubscription(world, request.body));
  });
  api.get('/debug_token', ofApp, (request, response) => {
    response.json(debugToken(world, String(request.query['input_token'] ?? '')));
  });
  api.get('/:asid/ids_for_pages', ofApp, (request, response) => void response.json(idsForPages(world, request)));
  api.use(checkToken(world, pageToken));
  api.get('/me', (_request, response) => void response.json(page(world)));
  api.post('/:page/messages', express.json({ limit: '1mb' }), checkPage(world), async (request, response) => {
    response.json(await acceptMessage(world, request.body));
  });
  const multipart = express.raw({ type: 'multipart/form-data', limit: '40mb' });
  api.post('/:page/message_attachments', multipart, checkPage(world), async (request, response) => {
    response.json(await acceptUpload(world, request.headers['content-type'] ?? '', request.body));
  });
  api.get('/:page/conversations', checkPage(world), (request, response) => {
    response.json(readConversations(world, request.query as Record<string, string>));
  });
  api.get('/:page/subscribed_apps', checkPage(world), (_request, response) => {
    response.json(subscribedApps(world));
  });
  api.post('/:page/subscribed_apps', checkPage(world), (request, response) => {
    response.json(subscribeApp(world, request.query));
  });
  api.delete('/:page/subscribed_apps', checkPage(world), (_request, response) => {
    response.json(unsubscribeApp(world));
  });
  const profile = api.route('/:page/messenger_profile').all(express.json(), checkPage(world));
  profile.get((request, response) => void response.json(readProfile(world, request.query)));
  profile.post((request, response) => void response.json(changeProfile(world, request.body)));
  profile.delete((request, response) => void response.json(clearProfile(world, request.body)));
  api.get('/:id', (request, response) => void response.json(node(world, String(request.params['id']), request)));
  app.use('/:version', api);
  app.use(() => {
    throw new GraphError('Unknown path components', 2500);
  });
}

const reportUsage = (world: World): RequestHandler => {
  return (_request, response, next) => {
    const percent = Math.min(99, Math.floor(++world.state.calls / 100));
    response.set('x-app-usage', JSON.stringify({ call_count: percent, total_time: percent, total_cputime: 0 }));
    next();
  };
};

const checkVersion: RequestHandler = (request, _response, next) => {
  if (!/^v\d+\.\d+$/.test(String(request.params['version']))) throw new GraphError('Unknown path components', 2500);
  next();
};

const checkToken = (world: World, right: string): RequestHandler => {
  return (request, _response, next) => {
    const { pageToken, appSecret } = world.options;
    const bearer = request.headers.authorization?.replace(/^Bearer /, '');
    const token = request.query['access_token'] ?? bearer;
    const isDead = right === pageToken && world.state.tokenExpired;
    if (token !== right || isDead) throw badToken(token === right);
    const proof = createHmac('sha256', appSecret).update(right).digest('hex');
    if (request.query['appsecret_proof'] === undefined) {
      throw invalid('API calls from the server require an appsecret_proof argument');
    }
    if (request.query['appsecret_proof'] !== proof)
      throw invalid('Invalid appsecret_proof provided in the API argument');
    next();
  };
};

/** GET /debug_token: what a token is, asked by the app. */
function debugToken({ options, state }: World, token: string): Record<string, unknown> {
  if (token !== options.pageToken) return { data: { is_valid: false, scopes: [] } };
  const { scopes, expiresAt } = state.token;
  return {
    data: { app_id: options.appId, type: 'PAGE', is_valid: !state.tokenExpired, scopes, expires_at: expiresAt },
  };
}

const checkPage = (world: World): RequestHandler => {
  return (request, _response, next) => {
    const id = request.params['page'];
    if (id !== 'me' && id !== world.options.pageId) throw missing(String(id));
    next();
  };
};

const missing = (id: string): GraphError =>
  new GraphError(`Unsupported request. Object with ID '${id}' does not exist or cannot be loaded.`, 100, 33);

const page = (world: World) => ({ id: world.options.pageId, name: world.options.pageName });

/** Which person of this page a person of the app is. */
function idsForPages(world: PageWorld, { params }: Request): unknown {
  const customer = [...world.state.customers.values()].find(({ psid }) => appUserOf(psid) === params['asid']);
  const { pageId, pageName } = world.options;
  return { data: customer ? [{ id: customer.psid, page: { id: pageId, name: pageName } }] : [] };
}

/** Apps know people by other ids than pages do. */
export const appUserOf = (psid: string): string => `10${psid}`;

/** A customer's profile, or the page itself; only the fields asked for. */
function node(world: World, id: string, request: Request): Record<string, unknown> {
  if (id === world.options.pageId) return page(world);
  const customer = world.state.customers.get(id);
  if (!customer) throw missing(id);
  const fields = String(request.query['fields'] ?? 'name').split(',');
  const profile = profileOf(world, customer);
  return { ...Object.fromEntries(Object.entries(profile).filter(([field]) => fields.includes(field))), id };
}

function profileOf(world: World, customer: Customer): Record<string, unknown> {
  const [first = '', ...rest] = customer.name.split(' ');
  return {
    name: customer.name,
    first_name: first,
    last_name: rest.join(' '),
    profile_pic: linkTo(world, customer.picture),
    locale: customer.locale,
  };
}

import { createHmac } from 'node:crypto';
import express, { type Express, type Request, type RequestHandler } from 'express';
import { readConversations } from '../messenger/conversations.ts';
import { badToken, GraphError, invalid } from '../messenger/graph-error.ts';
import { linkTo } from '../messenger/media.ts';
import { newNumericId } from '../messenger/state.ts';
import { acceptUpload } from '../messenger/upload-api.ts';
import { usernameOf } from './customer-acts.ts';
import { acceptMessage } from './send-api.ts';
import { subscribeApp, subscribedApps, unsubscribeApp } from './subscription.ts';
import type { InstagramWorld } from './world.ts';

/** The routes that an account's messaging needs, as strict as Meta's. */
export function serveInstagramApi(app: Express, world: InstagramWorld): void {
  app.get('/refresh_access_token', checkToken(world), (request, response) => {
    response.json(renewed(world, request));
  });
  const api = express.Router({ mergeParams: true });
  api.use(checkVersion, checkToken(world));
  api.get('/me', (_request, response) => void response.json(me(world)));
  api.post('/:account/messages', express.json({ limit: '1mb' }), checkAccount(world), async (request, response) => {
    response.json(await acceptMessage(world, request.body));
  });
  const multipart = express.raw({ type: 'multipart/form-data', limit: '40mb' });
  api.post('/:account/message_attachments', multipart, checkAccount(world), async (request, response) => {
    if (world.login !== 'facebook' || request.query['platform'] !== 'instagram') throw invalid('Unsupported request');
    response.json(await acceptUpload(world, request.headers['content-type'] ?? '', request.body));
  });
  api.get('/:account/conversations', checkAccount(world), (request, response) => {
    response.json(readConversations(world, request.query as Record<string, string>));
  });
  const subscription = api.route('/:account/subscribed_apps').all(checkAccount(world));
  subscription.get((_request, response) => void response.json(subscribedApps(world)));
  subscription.post((request, response) => void response.json(subscribeApp(world, request.query)));
  subscription.delete((_request, response) => void response.json(unsubscribeApp(world)));
  api.get('/:id', (request, response) => void response.json(profile(world, String(request.params['id']), request)));
  app.use('/:version', api);
  app.use(() => {
    throw new GraphError('Unknown path components', 2500);
  });
}

const checkVersion: RequestHandler = (request, _response, next) => {
  if (!/^v\d+\.\d+$/.test(String(request.params['version']))) throw new GraphError('Unknown path components', 2500);
  next();
};

const tokenOf = (request: Request): string =>
  String(request.query['access_token'] ?? request.headers.authorization?.replace(/^Bearer /, '') ?? '');

const checkToken = (world: InstagramWorld): RequestHandler => {
  return (request, _response, next) => {
    const token = tokenOf(request);
    const known = world.tokens.has(token);
    if (!known || world.state.tokenExpired) throw badToken(known);
    if (world.login === 'facebook') checkProof(request, token, world.options.appSecret);
    next();
  };
};

function checkProof(request: Request, token: string, appSecret: string): void {
  const proof = createHmac('sha256', appSecret).update(token).digest('hex');
  if (request.query['appsecret_proof'] !== proof) throw invalid('Invalid appsecret_proof provided in the API argument');
}

const checkAccount = (world: InstagramWorld): RequestHandler => {
  return (request, _response, next) => {
    const id = request.params['account'];
    if (id !== 'me' && id !== world.options.pageId) throw missing(String(id));
    next();
  };
};

const missing = (id: string): GraphError =>
  new GraphError(`Unsupported request. Object with ID '${id}' does not exist or cannot be loaded.`, 100, 33);

/** Long-lived tokens live for 60 days from here on; the old one stays good. */
function renewed(world: InstagramWorld, request: Request) {
  if (request.query['grant_type'] !== 'ig_refresh_token') throw invalid('Param grant_type must be ig_refresh_token');
  const token = `IG-TOKEN-${newNumericId()}`;
  world.tokens.add(token);
  return { access_token: token, token_type: 'bearer', expires_in: 60 * 86_400, permissions: '' };
}

function me({ options, login }: InstagramWorld) {
  const { pageId, pageName } = options;
  return login === 'facebook'
    ? { id: '555', name: 'Acme', instagram_business_account: { id: pageId } }
    : { id: `1${pageId.slice(1)}`, user_id: pageId, username: pageName };
}

/** A customer's profile, after they wrote in the chat; only the fields asked for. */
function profile(world: InstagramWorld, id: string, request: Request): Record<string, unknown> {
  const customer = world.state.customers.get(id);
  if (!customer) throw missing(id);
  if (customer.lastContact === undefined)
    throw new GraphError('(#230) User consent is required to access user profile', 230);
  const all = {
    name: customer.name,
    username: usernameOf(customer.name),
    profile_pic: linkTo(world, customer.picture),
    follower_count: 1,
    is_verified_user: false,
    is_user_follow_business: false,
    is_business_follow_user: false,
  };
  const fields = String(request.query['fields'] ?? 'name').split(',');
  return { ...Object.fromEntries(Object.entries(all).filter(([field]) => fields.includes(field))), id };
}

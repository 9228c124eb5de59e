import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { avatar, stickerPicture } from '../messenger/avatar.ts';
import { badToken, LineError } from './line-error.ts';
import { readEndpoint, readEndpointTest, readValidate } from './message-rules.ts';
import { newRequestId, push, reply, startLoading } from './send-api.ts';
import type { World } from './state.ts';
import { attempt } from './webhooks.ts';

/** The routes of the Messaging API that an account's one-to-one chats need, and the host of customers' files. */
export function serveMessagingApi(app: Express, world: World): void {
  servePictures(app, world);
  const api = express.Router();
  api.use(nameRequest, checkToken(world), express.json({ limit: '2mb' }));
  serveSending(api, world);
  serveAccount(api, world);
  serveContent(api, world);
  app.use('/v2/bot', api);
  app.use((_request, response) => void response.status(404).json({ message: 'Not found' }));
}

const nameRequest: RequestHandler = (_request, response, next) => {
  response.set('x-line-request-id', newRequestId());
  next();
};

const checkToken = (world: World): RequestHandler => {
  return (request, _response, next) => {
    const { channelAccessToken } = world.options;
    if (request.headers.authorization !== `Bearer ${channelAccessToken}` || world.state.tokenExpired) throw badToken();
    next();
  };
};

function serveSending(api: express.Router, world: World): void {
  api.post('/message/reply', (request, response) => {
    response.json(reply(world, request.body, request.headers));
  });
  api.post('/message/push', (request, response) => {
    const id = String(response.getHeader('x-line-request-id'));
    response.json(push(world, request.body, request.headers, id));
  });
  api.post(['/message/validate/reply', '/message/validate/push'], (request, response) => {
    readValidate(request.body);
    response.json({});
  });
  api.post('/chat/loading/start', (request, response) => {
    response.status(202).json(startLoading(world, request.body));
  });
  api.post(['/group/:chat/leave', '/room/:chat/leave'], (request, response) => leave(world, request, response));
}

function leave(world: World, request: Request, response: Response): void {
  const chat = String(request.params['chat']);
  const fits = request.path.startsWith('/room/') ? chat.startsWith('R') : chat.startsWith('C');
  if (!fits || !world.state.groups.delete(chat)) throw new LineError(404, 'Not found');
  world.changed();
  response.json({});
}

function serveAccount(api: express.Router, world: World): void {
  const { options } = world;
  api.get('/info', (_request, response) => {
    const { botUserId: userId, name: displayName } = options;
    response.json({ userId, basicId: '@216acme', displayName, chatMode: 'bot', markAsReadMode: 'auto' });
  });
  api.get('/profile/:user', (request, response) => void response.json(profile(world, request.params.user)));
  api.get('/message/quota', (_request, response) => {
    const { limit } = world.state.quota;
    response.json(limit === undefined ? { type: 'none' } : { type: 'limited', value: limit });
  });
  api.get('/message/quota/consumption', (_request, response) => {
    response.json({ totalUsage: world.state.quota.used });
  });
  serveWebhookSettings(api, world);
}

/** Of whom is no friend, or has blocked the account, LINE tells nothing. */
function profile(world: World, user: string): Record<string, unknown> {
  const customer = world.state.customers.get(user);
  if (!customer?.friend || customer.blocked) throw new LineError(404, 'Not found');
  return {
    userId: user,
    displayName: customer.name,
    pictureUrl: `${world.url}/pictures/${user}`,
    language: customer.language,
  };
}

function serveWebhookSettings(api: express.Router, world: World): void {
  api.get('/channel/webhook/endpoint', (_request, response) => {
    const { url, active } = world.state.endpoint;
    if (url === undefined) throw new LineError(404, 'Webhook endpoint not found');
    response.json({ endpoint: url, active });
  });
  api.put('/channel/webhook/endpoint', (request, response) => {
    const { endpoint } = readEndpoint(request.body);
    const isLocal = endpoint.startsWith('http://127.0.0.1');
    if (!isLocal && !endpoint.startsWith('https://')) throw new LineError(400, 'Invalid webhook endpoint URL');
    world.state.endpoint.url = endpoint;
    world.changed();
    response.json({});
  });
  api.post('/channel/webhook/test', async (request, response) => {
    const url = readEndpointTest(request.body).endpoint ?? world.state.endpoint.url;
    if (url === undefined) throw new LineError(404, 'Webhook endpoint not found');
    const status = await attempt(url, world.options, [], false);
    const ok = status >= 200 && status < 300;
    response.json({
      success: ok,
      timestamp: new Date().toISOString(),
      statusCode: status,
      reason: ok ? 'OK' : status === 0 ? 'REQUEST_TIMEOUT' : 'ERROR_STATUS_CODE',
      detail: String(status),
    });
  });
}

/** https://api-data.line.me: what customers sent, and whether it is prepared. */
function serveContent(api: express.Router, world: World): void {
  const contentOf = (id: unknown) => {
    const content = world.state.contents.get(String(id));
    if (!content) throw new LineError(404, 'Not found');
    return content;
  };
  api.get('/message/:id/content/transcoding', (request, response) => {
    response.json({ status: contentOf(request.params.id).state });
  });
  api.get('/message/:id/content', (request, response) => {
    const { file, state } = contentOf(request.params.id);
    if (state === 'failed') throw new LineError(404, 'Not found');
    if (state === 'processing') response.status(202).end();
    else response.set('content-type', file.contentType).send(file.bytes);
  });
}

/** Pictures of people and stickers, which need no token. */
function servePictures(app: Express, world: World): void {
  app.get('/pictures/:user', (request, response) => {
    const customer = world.state.customers.get(request.params.user);
    if (customer) response.type('image/png').send(avatar(customer.name));
    else response.status(404).end();
  });
  app.get('/stickershop/v1/sticker/:id/android/sticker.png', (_request, response) => {
    response.type('image/png').send(stickerPicture());
  });
}

import express, { type Express, type Request, type RequestHandler } from 'express';
import { avatar } from '../messenger/avatar.ts';
import { download, show, upload } from './media-api.ts';
import { sendMessage, sendTemplate, showTyping } from './message-api.ts';
import { type Json, newSecretText, type World } from './state.ts';
import { WeChatError } from './wechat-error.ts';

/** The part of WeChat's API that an account's chats need. */
export function serveApi(app: Express, world: World): void {
  servePictures(app, world);
  const api = express.Router();
  api.use(express.raw({ type: () => true, limit: '20mb' }));
  api.post('/stable_token', (request, response) => void response.json(stableToken(world, jsonOf(request))));
  api.use(checkToken(world), checkPermission(world));
  serveMessages(api, world);
  serveMedia(api, world);
  serveAccount(api, world);
  app.use('/cgi-bin', api);
  app.use((_request, response) => void response.status(404).end());
}

const tokenHoldsSeconds = 7200;

/** The same token until it ends, unless another is forced. */
function stableToken(world: World, body: Json): Json {
  const { state, options } = world;
  if (body['grant_type'] !== 'client_credential') throw new WeChatError(40002, 'invalid grant_type');
  if (body['appid'] !== options.appId) throw new WeChatError(40013, 'invalid appid');
  if (body['secret'] !== options.appSecret || state.secretReset) throw new WeChatError(40125, 'invalid appsecret');
  checkAddress(world);
  const now = Date.now();
  if (!state.accessToken || state.accessToken.until <= now || body['force_refresh'] === true)
    state.accessToken = { value: newSecretText(), until: now + tokenHoldsSeconds * 1000 };
  const expires_in = Math.floor((state.accessToken.until - now) / 1000);
  return { access_token: state.accessToken.value, expires_in };
}

function checkAddress({ state }: World): void {
  if (state.foreignAddress)
    throw new WeChatError(40164, 'invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist');
}

const checkToken = (world: World): RequestHandler => {
  return (request, _response, next) => {
    const given = request.query['access_token'];
    if (given === undefined || given === '') throw new WeChatError(41001, 'access_token missing');
    const { accessToken, secretReset } = world.state;
    if (given !== accessToken?.value || secretReset)
      throw new WeChatError(40001, 'invalid credential, access_token is invalid or not latest');
    if (accessToken.until <= Date.now()) throw new WeChatError(42001, 'access_token expired');
    checkAddress(world);
    next();
  };
};

const checkPermission = ({ state }: World): RequestHandler => {
  return (request, _response, next) => {
    if ([...state.notPermitted].some((end) => request.path.endsWith(end)))
      throw new WeChatError(48001, 'api unauthorized');
    next();
  };
};

/** WeChat reads no \u escapes, and no other encoding than UTF-8. */
function jsonOf(request: Request): Json {
  const text = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
  if (/\\u[0-9a-f]{4}/i.test(text)) throw new WeChatError(40033, 'invalid charset. please check your request');
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new WeChatError(47001, 'data format error');
  }
}

function serveMessages(api: express.Router, world: World): void {
  const routes = {
    '/message/custom/send': sendMessage,
    '/message/custom/typing': showTyping,
    '/message/template/send': sendTemplate,
  };
  for (const [path, act] of Object.entries(routes))
    api.post(path, (request, response) => void response.json(act(world, jsonOf(request))));
  api.get('/template/get_all_private_template', (_request, response) => {
    const list = world.state.templates.map(({ id, ...more }) => ({ template_id: id, ...more, example: '' }));
    response.json({ template_list: list });
  });
}

function serveMedia(api: express.Router, world: World): void {
  api.post('/media/upload', async (request, response) => {
    const type = String(request.query['type']);
    response.json(await upload(world, type, String(request.headers['content-type']), request.body));
  });
  api.get('/media/get', (request, response) => download(world, String(request.query['media_id']), response));
}

function serveAccount(api: express.Router, world: World): void {
  api.post('/qrcode/create', (request, response) => void response.json(makeCode(world, jsonOf(request))));
  api.get('/user/info', (request, response) => void response.json(userInfo(world, String(request.query['openid']))));
  api.get('/get_current_selfmenu_info', (_request, response) => {
    response.json({ is_menu_open: 1, selfmenu_info: { button: [{ type: 'click', name: 'Track', key: 'TRACK' }] } });
  });
  api.post('/openapi/quota/get', (request, response) => {
    if (jsonOf(request)['cgi_path'] !== '/cgi-bin/message/custom/send')
      throw new WeChatError(76021, 'cgi_path not found');
    const used = world.state.sentToday;
    response.json({ errcode: 0, errmsg: 'ok', quota: { daily_limit: 500_000, used, remain: 500_000 - used } });
  });
}

/** A temporary code with a text as its scene; other kinds of code are not played. */
function makeCode({ state }: World, body: Json): Json {
  const expire_seconds = Number(body['expire_seconds']);
  const scene = ((body['action_info'] as Json | undefined)?.['scene'] as Json | undefined)?.['scene_str'];
  if (body['action_name'] !== 'QR_STR_SCENE') throw new WeChatError(40097, 'invalid args');
  if (!(expire_seconds >= 60 && expire_seconds <= 2_592_000)) throw new WeChatError(40039, 'invalid expire_seconds');
  if (typeof scene !== 'string' || scene.length < 1 || scene.length > 64)
    throw new WeChatError(40053, 'invalid scene_str');
  const ticket = newSecretText();
  state.codes.set(ticket, { scene, until: Date.now() + expire_seconds * 1_000 });
  return { ticket, expire_seconds, url: `http://weixin.qq.com/q/${ticket.slice(0, 20)}` };
}

/** No names since December 2021; what colleagues noted in the admin page is there. */
function userInfo({ state }: World, openid: string): Json {
  const customer = state.customers.get(openid);
  if (!customer) throw new WeChatError(40003, 'invalid openid');
  const { unionid, name: remark } = customer;
  if (!customer.follows) return { subscribe: 0, openid, unionid };
  return {
    subscribe: 1,
    openid,
    nickname: '',
    language: '',
    headimgurl: '',
    unionid,
    remark,
    groupid: 0,
    tagid_list: [],
  };
}

function servePictures(app: Express, world: World): void {
  app.get('/shown/:id', (request, response) => show(world, request.params.id, response));
  app.get('/pictures/:user', (request, response) => {
    const customer = world.state.customers.get(request.params.user);
    if (customer) response.type('image/png').send(avatar(customer.name));
    else response.status(404).end();
  });
}

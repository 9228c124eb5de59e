import { bad } from './bot-error.ts';
import type { State, World } from './state.ts';

type Parameters = Record<string, unknown>;

const known = [
  ...'message edited_message channel_post edited_channel_post callback_query my_chat_member chat_member'.split(' '),
  ...'message_reaction message_reaction_count inline_query poll poll_answer chat_join_request'.split(' '),
];
const ports = ['', '443', '80', '88', '8443'];

/** How the bot is set up. */
export const manage = {
  setWebhook(world: World, parameters: Parameters): true {
    const url = String(parameters['url'] ?? '');
    const secretToken = String(parameters['secret_token'] ?? '');
    if (url !== '' && !isAllowed(url)) throw bad('bad webhook: HTTPS url must be provided for webhook');
    if (!/^[A-Za-z0-9_-]{0,256}$/.test(secretToken)) throw bad('secret token contains unallowed characters');
    const allowedUpdates = (parameters['allowed_updates'] ?? world.state.webhook.allowedUpdates) as string[];
    if (!allowedUpdates.every((name) => known.includes(name))) throw bad('unknown update type');
    world.state.webhook = { url, secretToken, allowedUpdates };
    world.changed();
    return true;
  },
  deleteWebhook(world: World): true {
    world.state.webhook = { url: '', secretToken: '', allowedUpdates: [] };
    world.changed();
    return true;
  },
  getWebhookInfo: ({ state }: World) => webhookInfo(state),
  getMyCommands: ({ state }: World) => state.commands,
  setMyCommands(world: World, { commands }: Parameters): true {
    const list = commands as State['commands'];
    if (!list.every(({ command }) => /^[a-z0-9_]{1,32}$/.test(command))) throw bad('BOT_COMMAND_INVALID');
    world.state.commands = list;
    world.changed();
    return true;
  },
};

/** Telegram wants https and a few ports; a simulator's service is on this machine. */
function isAllowed(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.hostname === '127.0.0.1' || (url.protocol === 'https:' && ports.includes(url.port));
}

const webhookInfo = ({ webhook }: State) => ({
  url: webhook.url,
  has_custom_certificate: false,
  pending_update_count: 0,
  max_connections: 40,
  ...(webhook.allowedUpdates.length > 0 ? { allowed_updates: webhook.allowedUpdates } : {}),
  ...(webhook.lastError
    ? {
        last_error_date: Math.floor(webhook.lastError.at.getTime() / 1000),
        last_error_message: webhook.lastError.message,
      }
    : {}),
});

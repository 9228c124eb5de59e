import type { MessageId } from '../../domain/ids.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import { sha256Hex } from '../../kit/crypto.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Outgoing, SendResult, TemplateBody } from '../channel.ts';
import type { WeChatAccount } from './account.ts';
import { callWeChat } from './client.ts';
import { clientIdLength } from './limits.ts';
import { sendable } from './message-content.ts';
import { type TemplateForm, templateForms } from './templates.ts';
import { word } from './wire.ts';

/** Sends a template, filled in ("Template messages"). What became of it comes as an event with the id that is returned. */
export async function sendTemplate(
  body: TemplateBody,
  { to, marker }: Outgoing,
  account: WeChatAccount,
  tools: Tools,
): Promise<SendResult> {
  if (body.header) return noFiles;
  const form = await formFor(body, account, tools);
  if (form.result !== 'done') return form;
  const { name, places } = form.value;
  const filled = places.map((place, i) => [place, { value: sendable(body.parameters[i] ?? '') }]);
  const message = {
    touser: to,
    template_id: name,
    data: Object.fromEntries(filled),
    client_msg_id: sha256Hex(marker).slice(0, clientIdLength),
  };
  const call = { method: 'POST', path: '/cgi-bin/message/template/send', body: message } as const;
  const answer = await callWeChat(call, account, tools);
  if (answer.result !== 'done') return answer;
  const id = word(answer.value, 'msgid') ?? marker;
  return { result: 'sent', id: id as MessageId };
}

const noFiles = {
  result: 'never',
  why: 'WeChat’s templates hold no files: send the file by itself.',
  code: 'no-files',
} as const;

/** The names of a template's blanks have to be sent along, so they are asked for first. Its title will do for its id. */
async function formFor(body: TemplateBody, account: WeChatAccount, tools: Tools): Promise<Outcome<TemplateForm>> {
  const forms = await templateForms(account, tools);
  if (forms.result !== 'done') return forms;
  const titled = forms.value.filter(({ title }) => title === body.name);
  const form = forms.value.find(({ name }) => name === body.name) ?? (titled.length === 1 ? titled[0] : undefined);
  if (!form) return missing(body, titled.length);
  return form.parameters === body.parameters.length ? done(form) : miscounted(form, body);
}

const missing = ({ name }: TemplateBody, titled: number) =>
  ({
    result: 'never',
    why: titled > 1 ? `Several templates are titled “${name}”: name one by its id.` : `There is no template “${name}”.`,
    code: 'no-template',
  }) as const;

const miscounted = ({ title, parameters }: TemplateForm, body: TemplateBody) =>
  ({
    result: 'never',
    why: `The template “${title}” takes ${parameters} parameters, and ${body.parameters.length} were given.`,
    code: 'parameters',
  }) as const;

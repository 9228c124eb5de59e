import { done, type Outcome } from '../../domain/outcome.ts';
import type { Tools } from '../../kit/tools.ts';
import type { Template } from '../channel.ts';
import { asRecords } from '../shared/json.ts';
import type { WeChatAccount } from './account.ts';
import { askWeChat } from './client.ts';
import { text, word } from './wire.ts';

/** A template with the names of its blanks, in the order in which they are filled in. */
export interface TemplateForm extends Template {
  title: string;
  places: string[];
}

/** "Template list". All that is listed may be sent. */
export async function templateForms(account: WeChatAccount, tools: Tools): Promise<Outcome<TemplateForm[]>> {
  const call = { method: 'GET', path: '/cgi-bin/template/get_all_private_template' } as const;
  const answer = await askWeChat(call, account, tools);
  if (answer.result !== 'done') return answer;
  return done(
    asRecords(answer.value['template_list']).flatMap((json) => {
      const name = word(json, 'template_id');
      return name === undefined ? [] : [formOf(name, text(json, 'title') ?? '', text(json, 'content') ?? '')];
    }),
  );
}

function formOf(name: string, title: string, content: string): TemplateForm {
  const places = [...new Set([...content.matchAll(/\{\{\s*(\w+)\.DATA\s*\}\}/g)].map((match) => match[1]!))];
  return {
    name,
    title,
    // WeChat keeps one language for each account, and does not say which.
    language: 'zh_CN',
    text: [title, content].filter(Boolean).join('\n'),
    parameters: places.length,
    usable: true,
    places,
  };
}

/** The templates as they can be sent from here. A template's name is its id: titles need not be unique. */
export async function listTemplates(account: WeChatAccount, tools: Tools): Promise<Outcome<Template[]>> {
  const forms = await templateForms(account, tools);
  return forms.result === 'done' ? done(forms.value.map(({ title: _, places: __, ...template }) => template)) : forms;
}

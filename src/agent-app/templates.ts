import type { Template } from '../channels/channel.ts';
import { done, type Outcome } from '../domain/outcome.ts';
import { agentSays } from '../flows/agent-says.ts';
import type { ConnectedChannel } from '../flows/world.ts';
import { type AgentAppParts, type Answer, type Asked, fine } from './parts.ts';
import { said } from './said.ts';
import type { TemplateView, TemplateWish } from './wire.ts';

/** What is approved changes seldom, and platforms count who asks. Milliseconds. */
const knownFor = 60_000;

type Listed = Outcome<Template[]> | undefined;

/** Asks a channel for its templates, at most once a minute and account. Undefined: it has no such thing. */
export function makeTemplateList({ world: { tools } }: Pick<AgentAppParts, 'world'>) {
  const known = new Map<string, { until: number; templates: Template[] }>();
  return async ({ channel, account }: ConnectedChannel): Promise<Listed> => {
    const now = tools.clock.now().getTime();
    const kept = known.get(account.id);
    if (kept && kept.until > now) return done(kept.templates);
    const listed = await channel.listTemplates?.(account, tools);
    if (listed?.result === 'done') known.set(account.id, { until: now + knownFor, templates: listed.value });
    return listed;
  };
}
export type TemplateList = ReturnType<typeof makeTemplateList>;

/** A file at the head can only be sent with a comment, which has one. */
const canBeSent = ({ usable, header }: Template): boolean =>
  usable === true && (header === undefined || header === 'text');

const notReadable = (why: string): Answer => ({ status: 503, because: 'not-readable', detail: why });

/** What an agent can send whether the window is open or not. */
export async function templatesFor(list: TemplateList, { connected }: Asked): Promise<Answer> {
  const listed = await list(connected);
  if (listed && listed.result !== 'done') return notReadable(listed.why);
  const views = (listed?.value ?? [])
    .filter(canBeSent)
    .map(({ name, language, text, parameters }): TemplateView => ({ name, language, text, parameters }));
  return fine(views);
}

/** Sends one, once for each key. */
export async function sendTemplate(
  parts: AgentAppParts,
  list: TemplateList,
  asked: Asked,
  { key, name, language, parameters }: TemplateWish,
): Promise<Answer> {
  const listed = await list(asked.connected);
  if (listed && listed.result !== 'done') return notReadable(listed.why);
  const template = listed?.value.find((each) => each.name === name && each.language === language);
  if (!template || !canBeSent(template))
    return { status: 409, because: 'no-template', detail: `there is no such template that may be sent from here` };
  if (parameters.length !== template.parameters)
    return { status: 409, because: 'wrong-blanks', detail: `this template has ${template.parameters} blanks` };
  return said(
    await agentSays(parts.world, asked, {
      ...{ key, who: asked.who, name: asked.call.agentName, text: filled(template.text, parameters) },
      bodies: [{ type: 'template', name, language, parameters: [...parameters] }],
      ...{ act: 'agent-template', what: `${name} ${language}` },
    }),
  );
}

/** As the customer reads it: the blanks filled in their order, what has no blank in the text behind it. */
function filled(text: string, parameters: readonly string[]): string {
  const left = [...parameters];
  const words = text.replace(/\{\{\s*\w+\s*\}\}/g, (blank) => left.shift() ?? blank);
  return [words, ...left].join('\n');
}

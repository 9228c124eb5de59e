import { z } from 'zod';
import type { Template, Variables } from '../kit/template.ts';
import { compiledText, type Issues, liquidOver, variables } from './mapping-text.ts';
import { duration } from './measures.ts';

/** One text for everybody, or one for each language; `default` is for all others, else the first. */
const texts = (known: Variables) =>
  z
    .union([z.string(), z.record(z.string(), z.string())], 'neither a text nor one for each language')
    .transform((given, issues) =>
      typeof given === 'string' ? single(known, given, issues) : byLanguage(known, given, issues),
    );

type InLanguage = (context: object, language: string | undefined) => string;

function single(known: Variables, text: string, issues: Issues): InLanguage {
  const template = compiledText(liquidOver(known).compile, text, issues, []);
  return (context) => template(context).trim();
}

function byLanguage(known: Variables, given: Record<string, string>, issues: Issues): InLanguage {
  const { compile } = liquidOver(known);
  const languages = Object.entries(given);
  if (languages.length === 0) issues.addIssue({ code: 'custom', message: 'no language at all' });
  const wrong = languages.filter(([name]) => !/^([a-z]{2,3}|default)$/.test(name));
  for (const [name] of wrong)
    issues.addIssue({ code: 'custom', path: [name], message: 'not a language such as fr, nor default' });
  const templates = new Map<string, Template>(
    languages.map(([name, text]) => [name, compiledText(compile, text, issues, [name])]),
  );
  const otherwise = templates.get('default') ?? [...templates.values()][0];
  return (context, language) => (templates.get(language ?? '') ?? otherwise)?.(context).trim() ?? '';
}

const choice = (known: Variables) =>
  z
    .strictObject({
      title: liquidOver(known).line,
      payload: z.string().min(1).max(200).optional(),
      url: z.url({ protocol: /^https$/ }).optional(),
    })
    .refine(({ payload, url }) => (payload === undefined) !== (url === undefined), 'give either payload or url');

const askEmail = {
  default: 'May we ask for your e-mail address? Then we know it is you, and can write to you there as well.',
  fr: 'Pouvez-vous nous donner votre adresse e-mail ? Nous saurons ainsi que c’est vous, et pourrons vous y écrire.',
};
const askPhone = {
  default: 'May we ask for your phone number, with the country’s code? Then we can call you.',
  fr: 'Pouvez-vous nous donner votre numéro de téléphone, avec l’indicatif du pays ? Nous pourrons ainsi vous appeler.',
};

/** What agents send with a click from the app beside the ticket. */
export const agentAppSchema = () => {
  const text = automatic(variables.automatic);
  return z
    .strictObject({
      quickReplies: z
        .array(text.extend({ title: z.string().trim().min(1).max(80) }))
        .max(30)
        .default([]),
      askEmail: text.prefault({ text: askEmail }),
      askPhone: text.prefault({ text: askPhone }),
    })
    .prefault({});
};

const automatic = (known: Variables) =>
  z.strictObject({ text: texts(known), choices: z.array(choice(known)).max(13).default([]) });

/** About what a customer agreed to. */
const consentTexts = () => {
  const text = automatic(variables.automaticConsent).optional();
  return z.strictObject({ stopped: text, started: text, agreed: text, help: text, question: text });
};

/** Texts that are sent by themselves. None is, unless it is written here. */
export const automaticTextsSchema = () =>
  z
    .strictObject({
      welcome: automatic(variables.automatic).extend({ again: duration.optional() }).optional(),
      outOfHours: automatic(variables.automatic).optional(),
      fileTooLarge: automatic(variables.automaticFile).optional(),
      fileRefused: automatic(variables.automaticFile).optional(),
      consent: consentTexts().prefault({}),
    })
    .prefault({});

import { z } from 'zod';

/** What goes into the zip, by its path there. */
export type AppFiles = ReadonlyMap<string, Uint8Array>;

const text = z.string().trim().min(1);
const locale = z.string().regex(/^[a-z]{2}(-\w{2,3})?$/, 'not a locale such as en or fr-ca');
/** Where the proxy puts a secure setting (Zendesk developer docs, "Setting up new apps": scopes). */
const scopes = z.enum(['header', 'body', 'url_host', 'url_path', 'jwt_secret_key', 'jwt_claim']);

const parameter = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z]\w*$/, 'letters, digits and underscores')
      .refine((name) => name !== 'name', 'Zendesk keeps this name for itself'),
    type: z.enum(['text', 'password', 'checkbox', 'url', 'number', 'multiline', 'hidden']).default('text'),
    required: z.boolean().default(false),
    secure: z.boolean().default(false),
    scopes: z.array(scopes).min(1).optional(),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  })
  .superRefine((given, issues) => {
    const wrong = (message: string) => issues.addIssue({ code: 'custom', message });
    if (given.type === 'hidden' && given.required) wrong('a hidden parameter cannot be required');
    if (given.secure && !given.scopes) wrong('a secure parameter needs scopes: where the proxy may put it');
    if (!given.secure && given.scopes) wrong('only a secure parameter has scopes');
    if (given.secure && given.default !== undefined)
      wrong('a secure parameter has no default: everybody could read it');
    if (!given.secure && /token|key|pwd|password|secret/i.test(given.name)) wrong('this is a secret: make it secure');
  });

const place = z.strictObject({
  url: z.string().regex(/^assets\/[\w./-]+$/, 'a page below assets/'),
  flexible: z.boolean().optional(),
  autoLoad: z.boolean().optional(),
});

/** As the manifest reference of ZAF v2 has it, as far as an app beside a ticket uses it; nothing else may stand in it. */
const manifest = z.strictObject({
  name: text,
  author: z.strictObject({ name: text, email: z.email(), url: z.url({ protocol: /^https?$/ }) }),
  defaultLocale: locale,
  private: z.boolean(),
  location: z.strictObject({ support: z.strictObject({ ticket_sidebar: place }) }),
  version: z.string().regex(/^\d+\.\d+(\.\d+)?$/, 'numbers such as 1.0.2'),
  frameworkVersion: z.literal('2.0'),
  domainWhitelist: z.array(z.hostname('a host alone, without https://, port or path')).min(1),
  parameters: z
    .array(parameter)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'two parameters have one name'),
});
export type AppManifest = z.output<typeof manifest>;

const words = z.strictObject({ label: text, helpText: text });
const translation = z.strictObject({
  app: z.strictObject({ name: text, short_description: text, parameters: z.record(z.string(), words) }),
});

/** All that Zendesk would refuse, or that could not work, in words with the file it is in. Empty: it is fine. */
export function mistakesIn(files: AppFiles): string[] {
  const read = jsonIn(files, 'manifest.json', manifest);
  if ('mistakes' in read) return read.mistakes;
  const { location, parameters, defaultLocale } = read.value;
  const page = location.support.ticket_sidebar.url;
  return [
    ...(files.has(page) ? [] : [`manifest.json: location.support.ticket_sidebar.url: there is no ${page}`]),
    ...translationMistakes(files, defaultLocale, parameters),
    ...logoMistakes(files, 'assets/logo.png', 320),
    ...logoMistakes(files, 'assets/logo-small.png', 128),
    ...strangers(files),
    ...(files.has(page) ? pageMistakes(files, page) : []),
  ];
}

type Read<Value> = { value: Value } | { mistakes: string[] };

function jsonIn<Value>(files: AppFiles, path: string, schema: z.ZodType<Value>): Read<Value> {
  const bytes = files.get(path);
  if (!bytes) return { mistakes: [`there is no ${path}`] };
  try {
    const read = schema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (read.success) return { value: read.data };
    return { mistakes: read.error.issues.map(({ path: at, message }) => `${path}: ${at.join('.')}: ${message}`) };
  } catch {
    return { mistakes: [`${path}: this is no JSON`] };
  }
}

function translationMistakes(files: AppFiles, defaultLocale: string, parameters: AppManifest['parameters']): string[] {
  const paths = [...files.keys()].filter((path) => path.startsWith('translations/'));
  const missing = files.has(`translations/${defaultLocale}.json`)
    ? []
    : [`there is no translations/${defaultLocale}.json`];
  return [...missing, ...paths.flatMap((path) => oneTranslation(files, path, parameters))];
}

function oneTranslation(files: AppFiles, path: string, parameters: AppManifest['parameters']): string[] {
  const name = /^translations\/(.+)\.json$/.exec(path)?.[1] ?? '';
  if (!locale.safeParse(name).success) return [`${path}: its name is not a locale such as en.json or fr-ca.json`];
  const read = jsonIn(files, path, translation);
  if ('mistakes' in read) return read.mistakes;
  const told = Object.keys(read.value.app.parameters);
  const asked = parameters.map((each) => each.name);
  return [
    ...asked.filter((each) => !told.includes(each)).map((each) => `${path}: app.parameters.${each} is missing`),
    ...told.filter((each) => !asked.includes(each)).map((each) => `${path}: there is no parameter ${each}`),
  ];
}

/** Width and height stand in the first chunk of a PNG. */
function logoMistakes(files: AppFiles, path: string, size: number): string[] {
  const bytes = Buffer.from(files.get(path) ?? []);
  if (bytes.length === 0) return [`there is no ${path}`];
  const isPng = bytes.length > 24 && bytes.subarray(1, 4).toString('latin1') === 'PNG';
  const fits = isPng && bytes.readUInt32BE(16) === size && bytes.readUInt32BE(20) === size;
  return fits ? [] : [`${path}: not a PNG of ${size} by ${size} pixels`];
}

const strangers = (files: AppFiles): string[] =>
  [...files.keys()]
    .filter((path) => !/^(manifest\.json|translations\/[\w-]+\.json|assets\/[\w.-]+)$/.test(path))
    .map((path) => `${path}: does not belong into the app`);

/** The framework's own script comes from Zendesk; everything else the page loads is in the zip, and no script stands in it. */
const framework = 'https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js';

function pageMistakes(files: AppFiles, page: string): string[] {
  const html = Buffer.from(files.get(page)!).toString('utf8');
  const loaded = [...html.matchAll(/\b(?:src|href)="([^"]*)"/g)].map(([, url = '']) => url);
  const elsewhere = loaded.filter((url) => url !== framework && !files.has(`assets/${url.replace(/^\.\//, '')}`));
  return [
    ...(loaded.includes(framework) ? [] : [`${page}: does not load ${framework}`]),
    ...elsewhere.map((url) => `${page}: ${url} is not in the app`),
    ...(/<script(?![^>]*\bsrc=)/.test(html) ? [`${page}: holds a script of its own`] : []),
  ];
}

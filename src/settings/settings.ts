import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Secret } from '../kit/secret.ts';
import { type Account, type Accounts, checkAccounts, type Kinds, makeFilePathsAbsolute } from './accounts.ts';
import { check, valueAt } from './check.ts';
import type { Environment } from './fill-in.ts';
import { inOrder, type Mistake } from './mistake.ts';
import { type ReadNoticeTexts, readNoticeTexts } from './notice-texts.ts';
import type { NoticeSettings } from './notices-schema.ts';
import { type Policy, readPolicy } from './policy.ts';
import { readText } from './read-text.ts';
import { type SettingsFile, settingsSchema } from './schema.ts';
import { variable } from './variable.ts';
import { parseYaml, type YamlSource } from './yaml-source.ts';

/** The configuration, checked. File paths are absolute, sizes in bytes, times in milliseconds. */
export interface Settings {
  /** Where it was read from. */
  file: string;
  server: { port: number; host: string; publicUrl?: string; maxBodyBytes: number; maxConnections: number };
  /** Without a url an embedded Postgres runs under `dataDir`. */
  database: { url?: Secret; dataDir: string };
  /** The first seals, all open. Without one, see `store/seal-for.ts`. */
  secrets: { keys: Secret[] };
  channels: Account[];
  helpdesks: Account[];
  crms: Account[];
  api: { keys: { name: string; key: Secret; scopes: ApiScope[] }[] };
  /** Who signs in to the console: admins by password, and the company's own sign-in. */
  console: SettingsFile['console'];
  media: MediaSettings;
  /** `every` in milliseconds; 0: only when the command line asks. */
  reconcile: { every: number; silence: boolean };
  /** How long what grows is kept; 0 is for ever. */
  ledger: { keepWebhooksForMs: number; keepEventsForMs: number };
  /** How long the rest is kept, by kind, in milliseconds; 0 is for ever. Webhooks, events and files are above. */
  retention: {
    messages: number;
    orders: number;
    notices: number;
    links: number;
    consentProof: number;
    receipts: number;
  };
  /** How customers are forgotten. */
  privacy: SettingsFile['privacy'];
  shop: SettingsFile['shop'];
  /** Shops whose own webhooks are taken. */
  shops: SettingsFile['shops'];
  /** What the platforms allow: as shipped, with `policy.yaml` beside the configuration over it. */
  policy: Policy;
  /** What is sent to customers without being asked. */
  notices: NoticeSettings;
  /** What is told to many at once. */
  campaigns: SettingsFile['campaigns'];
  noticeTexts: ReadNoticeTexts;
  /** Without it no code can be mailed. */
  mail?: NonNullable<SettingsFile['mail']>;
  /** Without `traces` nobody is told how messages travel. */
  telemetry: SettingsFile['telemetry'];
  log: { level: SettingsFile['log']['level'] };
  /** The mapping's path. There need not be such a file. */
  mapping: string;
}

/** With `s3` or `gcs` copies of files are kept there, else in `dir`. `keepForMs` 0: for ever. */
export interface MediaSettings extends Pick<SettingsFile['media'], 's3' | 'gcs'> {
  dir: string;
  maxBytes: number;
  allowedHosts: string[];
  timeoutMs: number;
  concurrency: number;
  textWaitsMs: number;
  retryForMs: number;
  keepForMs: number;
  linkForMs: number;
}

export type ApiScope = SettingsFile['api']['keys'][number]['scopes'][number];

export interface ReadSettingsOptions {
  /** Default: PASSERELLE_CONFIG, else `config/passerelle.yaml` under `home`. */
  path?: string | undefined;
  env: Environment;
  kinds: Kinds;
  /** Where the default configuration and the default `data` folder are. Default: the current folder. */
  home?: string | undefined;
}

/** `mapping` is the mapping's path as far as it can be told, so that its mistakes can be told at the same time. */
export type SettingsRead = { ok: true; settings: Settings } | { ok: false; mistakes: Mistake[]; mapping?: string };

/** Reads and checks the configuration; tells all mistakes at once. */
export function readSettings(options: ReadSettingsOptions): SettingsRead {
  const home = resolve(options.home ?? '.');
  const file = settingsPath(options.env, home, options.path);
  const read = readText(file);
  if (!read) return { ok: false, mistakes: [notThere(file)] };
  if ('problem' in read) return { ok: false, mistakes: [{ ...nowhere(file), problem: read.problem }] };
  const { source, mistakes } = parseYaml(file, read.text, options.env);
  if (!source) return { ok: false, mistakes: inOrder(mistakes) };
  return checkedSettings(source, options, home, mistakes);
}

/** Which file `readSettings` reads, as an absolute path. */
export function settingsPath(env: Environment, home: string, path?: string): string {
  return resolve(path ?? (env['PASSERELLE_CONFIG'] || join(home, 'config', 'passerelle.yaml')));
}

function checkedSettings(
  source: YamlSource,
  options: ReadSettingsOptions,
  home: string,
  already: Mistake[],
): SettingsRead {
  source.value ??= {};
  makeFilePathsAbsolute(source);
  const whole = check(settingsSchema, source);
  const { accounts, mistakes } = checkAccounts(source, options.kinds);
  const policy = readPolicy(join(dirname(source.file), 'policy.yaml'));
  const all = [
    ...already,
    ...(whole.ok ? [] : whole.mistakes),
    ...mistakes,
    ...environmentMistakes(options.env),
    ...mappingMistakes(source),
    ...policy.mistakes,
  ];
  const texts = whole.ok ? textsOf(source, whole.value, options) : undefined;
  if (texts && !texts.ok) all.push(...texts.mistakes);
  if (!whole.ok || !texts?.ok || all.length > 0)
    return { ok: false, mistakes: inOrder(all), mapping: mappingPath(source) };
  const settings = assembled(source, home, options.env, whole.value, accounts, texts.value);
  return { ok: true, settings: { ...settings, policy: policy.policy } };
}

const textsOf = ({ file }: YamlSource, { notices }: SettingsFile, { kinds }: ReadSettingsOptions) =>
  readNoticeTexts(resolve(dirname(file), notices.texts), Object.keys(kinds.channels), notices.languages);

function assembled(
  source: YamlSource,
  home: string,
  env: Environment,
  read: SettingsFile,
  accounts: Accounts,
  texts: ReadNoticeTexts,
): Omit<Settings, 'policy'> {
  const { file } = source;
  const {
    server,
    database,
    secrets,
    media,
    api,
    console,
    reconcile,
    ledger,
    notices,
    campaigns,
    mail,
    telemetry,
    log,
  } = read;
  const { webhooks, events, media: files, ...retention } = read.retention;
  const beside = (path: string) => resolve(dirname(file), path);
  const dataDir = database.dataDir ? beside(database.dataDir) : join(home, 'data');
  const found = variable('DATABASE_URL', env);
  const url = found && 'value' in found ? new Secret(found.value) : database.url;
  const { publicUrl, ...listening } = server;
  return {
    file,
    server: { ...listening, ...(publicUrl && { publicUrl }), ...(env['PORT'] && { port: Number(env['PORT']) }) },
    database: { dataDir, ...(url && { url }) },
    secrets,
    ...accounts,
    api,
    console,
    media: mediaOf({ ...media, keepFor: files ?? media.keepFor }, dataDir, beside),
    reconcile,
    ledger: {
      keepWebhooksForMs: webhooks ?? ledger.keepWebhooksFor,
      keepEventsForMs: events ?? ledger.keepEventsFor,
    },
    retention,
    privacy: read.privacy,
    shop: read.shop,
    shops: read.shops,
    notices,
    campaigns,
    noticeTexts: texts,
    ...(mail && { mail }),
    telemetry,
    log,
    mapping: mappingPath(source),
  };
}

function mediaOf(read: SettingsFile['media'], dataDir: string, beside: (path: string) => string): MediaSettings {
  const { dir, s3, gcs, timeout, textWaits, retryFor, keepFor, linkFor, ...rest } = read;
  return {
    ...rest,
    dir: dir ? beside(dir) : join(dataDir, 'media'),
    ...(s3 && { s3 }),
    ...(gcs && { gcs: { ...gcs, ...(gcs.keyFile && { keyFile: beside(gcs.keyFile) }) } }),
    timeoutMs: timeout,
    textWaitsMs: textWaits,
    retryForMs: retryFor,
    keepForMs: keepFor,
    linkForMs: linkFor,
  };
}

const nowhere = (file: string): Mistake => ({ file, line: 0, column: 0, path: '', problem: '' });

function notThere(file: string): Mistake {
  const problem =
    'there is no such file; copy config/example.passerelle.yaml there and fill it in, or name another file in PASSERELLE_CONFIG';
  return { ...nowhere(file), problem };
}

function environmentMistakes(env: Environment): Mistake[] {
  const port = env['PORT'] && !/^\d{1,5}$/.test(env['PORT']) && 'a port number';
  const url = variable('DATABASE_URL', env);
  if (url && 'problem' in url) return [{ ...nowhere('environment'), path: 'DATABASE_URL', problem: url.problem }];
  const database = url && !/^postgres(ql)?:\/\//.test(url.value) && 'postgres://user:password@host/name';
  const wrong = { PORT: port, DATABASE_URL: database };
  return Object.entries(wrong).flatMap(([path, expected]) =>
    expected ? [{ ...nowhere('environment'), path, problem: 'not understood', expected }] : [],
  );
}

/** A mapping that is named must be there; without a name and a file the defaults hold. */
function mappingMistakes(source: YamlSource): Mistake[] {
  const named = typeof valueAt(source.value, ['mapping']) === 'string' && !source.filled(['mapping'])?.unset;
  return named && !existsSync(mappingPath(source)) ? [source.mistake(['mapping'], 'there is no such file')] : [];
}

function mappingPath(source: YamlSource): string {
  const named = valueAt(source.value, ['mapping']);
  return resolve(dirname(source.file), typeof named === 'string' ? named : 'mapping.yaml');
}

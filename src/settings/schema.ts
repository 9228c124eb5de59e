import { z } from 'zod';
import { apiScopes } from '../kit/api-scopes.ts';
import { isSealingKey } from '../kit/seal.ts';
import { Secret } from '../kit/secret.ts';
import { campaignsSchema } from './campaigns-schema.ts';
import { consoleSettings } from './console-schema.ts';
import { days, kept } from './kept-for.ts';
import { bytes, duration } from './measures.ts';
import { noticesSchema } from './notices-schema.ts';
import { privacySettings, retentionSettings } from './privacy-schema.ts';
import { shopSettings } from './shop-schema.ts';

const mb = 1024 ** 2;

const secret = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

/** Ids stand in webhook URLs, in rows and, between colons, in the helpdesk's external ids. */
const accountId = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,63}$/i,
    'not fit for a URL; use letters, digits, dots, dashes and underscores, at most 64',
  )
  .describe('a name for this account that never changes, such as acme-page');

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'not a web address (http or https)' })
  .transform((text) => text.replace(/\/+$/, ''));

/** What can be checked of an account without knowing its kind. */
export const accountHead = z.looseObject({
  id: accountId,
  kind: z.string().min(1).describe('which platform this is'),
});

const server = z
  .strictObject({
    port: z.int().min(0).max(65_535).default(8080),
    host: z.string().min(1).default('0.0.0.0'),
    publicUrl: httpUrl.optional(),
    maxBodyBytes: bytes.default(5 * mb),
    maxConnections: z.int().min(1).max(100_000).default(1_000),
  })
  .prefault({});

const database = z
  .strictObject({
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'not the address of a Postgres (postgres://user:password@host/name)')
      .transform((text) => new Secret(text))
      .optional(),
    dataDir: z.string().min(1).optional(),
  })
  .prefault({});

const sealingKey = z
  .string()
  .refine(isSealingKey, 'not a key; 32 random bytes in base64, as openssl rand -base64 32 makes them')
  .transform((text) => new Secret(text));

const apiKey = z.strictObject({
  name: z.string().min(1).describe('what the key is for, such as shop'),
  key: z
    .string()
    .min(20, 'too short to keep strangers out; take 20 characters or more')
    .transform((text) => new Secret(text))
    .describe('the key itself, 20 characters or more, from a variable'),
  scopes: z
    .array(z.enum(apiScopes))
    .min(1)
    .describe(`what it may do: ${apiScopes.join(', ')}`),
});

const s3 = z
  .strictObject({
    bucket: z.string().min(1),
    region: z.string().min(1).default('us-east-1'),
    endpoint: httpUrl.optional(),
    pathStyle: z.boolean().default(false),
    accessKeyId: z.string().min(1).optional(),
    secretAccessKey: secret.optional(),
  })
  .refine(({ accessKeyId, secretAccessKey }) => !accessKeyId === !secretAccessKey, {
    error: 'accessKeyId and secretAccessKey go together; leave both out to use the machine’s own role',
  });

const gcs = z.strictObject({ bucket: z.string().min(1), keyFile: z.string().min(1).optional() });

const media = z
  .strictObject({
    dir: z.string().min(1).optional(),
    s3: s3.optional(),
    gcs: gcs.optional(),
    maxBytes: bytes.default(50 * mb),
    allowedHosts: z.array(z.string().min(1)).default([]),
    timeout: duration.default(30_000),
    concurrency: z.int().min(1).max(64).default(4),
    textWaits: duration.default(1_500),
    retryFor: duration.default(days(1)),
    keepFor: duration.default(0),
    linkFor: duration.default(3_600_000),
  })
  .refine((given) => !given.s3 || !given.gcs, { error: 'copies are kept in one place: s3 or gcs, not both' })
  .prefault({});

const reconcile = z
  .strictObject({
    every: duration.default(600_000),
    silence: z.boolean().default(true),
  })
  .prefault({});

const ledger = z
  .strictObject({
    keepWebhooksFor: kept(1, days(30)),
    // Platforms repeat a webhook for hours, some for days; a repeat is known by its event.
    keepEventsFor: kept(7, days(90)),
  })
  .prefault({});

const telemetry = z
  .strictObject({
    traces: z.strictObject({ url: httpUrl, sample: z.number().min(0).max(1).default(1) }).optional(),
  })
  .prefault({});

const mail = z
  .strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(587),
    encryption: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    user: z.string().min(1).optional(),
    password: secret.optional(),
    from: z
      .string()
      .regex(/^(?:[^<>@\r\n]+ <[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/, 'write Acme <chat@acme.example>'),
  })
  .refine(({ user, password }) => !user === !password, { error: 'user and password go together' });

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const settingsOfShop = shopSettings(httpUrl, secret);

/** `passerelle.yaml`, but for what each kind of account adds. */
export const settingsSchema = z.strictObject({
  server,
  database,
  secrets: z.strictObject({ keys: z.array(sealingKey).default([]) }).prefault({}),
  channels: z.array(accountHead).default([]),
  helpdesks: z.array(accountHead).default([]),
  crms: z.array(accountHead).default([]),
  api: z.strictObject({ keys: z.array(apiKey).default([]) }).prefault({}),
  console: consoleSettings,
  campaigns: campaignsSchema,
  media,
  reconcile,
  ledger,
  notices: noticesSchema,
  mail: mail.optional(),
  telemetry,
  ...settingsOfShop,
  privacy: privacySettings,
  retention: retentionSettings,
  log: z.strictObject({ level: z.enum(logLevels).default('info') }).prefault({}),
  mapping: z.string().min(1).optional(),
});

export type SettingsFile = z.infer<typeof settingsSchema>;

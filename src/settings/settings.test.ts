// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${NAME} is what these configurations hold.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { Secret } from '../kit/secret.ts';
import type { Kinds } from './accounts.ts';
import type { Environment } from './fill-in.ts';
import { describeMistake } from './mistake.ts';
import { readSettings } from './settings.ts';

const secret = z
  .string()
  .min(1)
  .describe('from the platform')
  .transform((text) => new Secret(text));
const kinds: Kinds = {
  channels: {
    messenger: z.strictObject({
      id: z.string(),
      kind: z.literal('messenger'),
      helpdesk: z.string().optional(),
      crm: z.string().optional(),
      pageId: z.union([z.string(), z.number()]).transform(String),
      pageToken: secret,
      apiVersion: z
        .string()
        .regex(/^v\d+\.\d+$/, 'not a version such as v26.0')
        .default('v26.0'),
      apiUrl: z.url().default('https://graph.facebook.com'),
      humanAgent: z.boolean().default(false),
    }),
  },
  helpdesks: { zendesk: z.strictObject({ id: z.string(), kind: z.literal('zendesk'), url: z.url() }) },
  crms: {
    salesforce: z.strictObject({
      id: z.string(),
      kind: z.literal('salesforce'),
      apiVersion: z.string().default('62.0'),
      privateKeyFile: z.string().optional(),
    }),
  },
};

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'passerelle-settings-'));
  mkdirSync(join(home, 'config'));
});
afterAll(() => rmSync(home, { recursive: true }));

function read(yaml: string, env: Environment = {}) {
  writeFileSync(join(home, 'config', 'passerelle.yaml'), yaml);
  return readSettings({ env, kinds, home });
}

/** Mistakes as text, without the file. */
function mistakes(yaml: string, env: Environment = {}): string[] {
  const result = read(yaml, env);
  return result.ok ? [] : result.mistakes.map((mistake) => describeMistake(mistake).replace(`${mistake.file}:`, ''));
}

function settings(yaml: string, env: Environment = {}) {
  const result = read(yaml, env);
  if (!result.ok) throw new Error(result.mistakes.map(describeMistake).join('\n'));
  return result.settings;
}

const whole = `
server:
  port: 9000
  publicUrl: https://chat.acme.example/
  maxBodyBytes: 2mb
channels:
  - { id: acme-page, kind: messenger, pageId: "555", pageToken: "\${PAGE_TOKEN}", helpdesk: acme-zendesk, crm: acme-sf }
helpdesks:
  - { id: acme-zendesk, kind: zendesk, url: "https://acme.zendesk.com" }
crms:
  - { id: acme-sf, kind: salesforce, privateKeyFile: keys/acme.pem }
api:
  keys: [{ name: shop, key: "\${SHOP_API_KEY}", scopes: [orders, links] }]
console:
  admins: [{ email: admin@acme.example, password: "\${ADMIN_PASSWORD}" }]
media:
  dir: ../media
  allowedHosts: ["127.0.0.1"]
  timeout: 10s
`;
const wholeEnv = {
  PAGE_TOKEN: 'page-token-value',
  SHOP_API_KEY: 'shop-key-value-0123456789',
  ADMIN_PASSWORD: 'admin-password',
};

test('a whole file is read, with absolute paths and secrets that do not print', () => {
  const read = settings(whole, wholeEnv);
  expect(read).toMatchObject({
    file: join(home, 'config/passerelle.yaml'),
    server: { port: 9000, host: '0.0.0.0', publicUrl: 'https://chat.acme.example', maxBodyBytes: 2_097_152 },
    database: { dataDir: join(home, 'data') },
    channels: [{ id: 'acme-page', kind: 'messenger', pageId: '555', helpdesk: 'acme-zendesk', apiVersion: 'v26.0' }],
    crms: [{ id: 'acme-sf', privateKeyFile: join(home, 'config/keys/acme.pem') }],
    api: { keys: [{ name: 'shop', scopes: ['orders', 'links'] }] },
    media: { dir: join(home, 'media'), allowedHosts: ['127.0.0.1'], timeoutMs: 10_000, maxBytes: 52_428_800 },
    log: { level: 'info' },
    mapping: join(home, 'config/mapping.yaml'),
  });
  expect(read.api.keys[0]?.key.reveal()).toBe('shop-key-value-0123456789');
  for (const value of Object.values(wholeEnv)) expect(JSON.stringify(read)).not.toContain(value);
});

test('an empty file means the defaults', () => {
  expect(settings('# nothing yet\n')).toEqual({
    file: join(home, 'config/passerelle.yaml'),
    server: { port: 8080, host: '0.0.0.0', maxBodyBytes: 5_242_880, maxConnections: 1_000 },
    database: { dataDir: join(home, 'data') },
    secrets: { keys: [] },
    channels: [],
    helpdesks: [],
    crms: [],
    api: { keys: [] },
    console: { admins: [] },
    media: {
      dir: join(home, 'data/media'),
      maxBytes: 52_428_800,
      allowedHosts: [],
      timeoutMs: 30_000,
      concurrency: 4,
      textWaitsMs: 1_500,
      retryForMs: 86_400_000,
      keepForMs: 0,
      linkForMs: 3_600_000,
    },
    reconcile: { every: 600_000, silence: true },
    ledger: { keepWebhooksForMs: 2_592_000_000, keepEventsForMs: 7_776_000_000 },
    telemetry: {},
    policy: expect.any(Map),
    notices: {
      ...{ defaultTimeZone: 'UTC', caps: [], spacing: 0, sameWithin: 86_400_000, doubleOptIn: [], lists: [] },
      ...{ keywords: [], stopWords: [], startWords: [], helpWords: [] },
      ...{ texts: 'notices', languages: ['en'], shopName: 'Shop', channels: [], deliverWithin: 3_600_000 },
    },
    noticeTexts: expect.objectContaining({ names: expect.arrayContaining(['order.confirmed', 'order.shipped']) }),
    campaigns: {
      ...{ approval: false, perMinute: 600, prices: [] },
      stopAt: { optOuts: 0.05, failures: 0.2, after: 100 },
    },
    shop: { webhooks: [], allowedHosts: [] },
    shops: [],
    privacy: { helpdesk: 'delete', records: 'ours' },
    retention: {
      ...{ messages: 0, orders: 0, notices: 0, links: 31_536_000_000 },
      ...{ consentProof: 94_608_000_000, receipts: 94_608_000_000 },
    },
    log: { level: 'info' },
    mapping: join(home, 'config/mapping.yaml'),
  });
});

const page = (fields: string) => `channels:\n  - { id: p, kind: messenger, pageToken: t, ${fields} }\n`;
test.each([
  ['PORT wins', 'server: { port: 1 }', { PORT: '3000' }, 'server.port', 3000],
  ['a filled-in number', 'server:\n  port: ${P:-81}', {}, 'server.port', 81],
  ['a quoted filled-in number', 'server: { port: "${P}" }', { P: '82' }, 'server.port', 82],
  ['a filled-in true', page('pageId: "1", humanAgent: "${H}"'), { H: 'true' }, 'channels.0.humanAgent', true],
  ['a filled-in text', page('pageId: "${ID}"'), { ID: '0123' }, 'channels.0.pageId', '0123'],
  ['an id of many digits', page('pageId: 12345678901234567890'), {}, 'channels.0.pageId', '12345678901234567890'],
  [
    'a version that looks like a number',
    'crms: [{ id: s, kind: salesforce, apiVersion: 62.0 }]',
    {},
    'crms.0.apiVersion',
    '62.0',
  ],
  ['an octal port', 'server: { port: 0x50 }', {}, 'server.port', 80],
  ['nothing filled in', 'server: { publicUrl: "${U:-}" }', {}, 'server.publicUrl', undefined],
  [
    'a part filled in',
    'server: { publicUrl: "https://${H:-a}.example" }',
    { H: 'b' },
    'server.publicUrl',
    'https://b.example',
  ],
  ['what is filled in is not filled in again', page('pageId: "${A}"'), { A: '${B}' }, 'channels.0.pageId', '${B}'],
  ['a comment', 'log: # ${UNSET}\n  level: debug # ${UNSET', {}, 'log.level', 'debug'],
  ['a key without a value', 'log:\n  level:\n', {}, 'log.level', 'info'],
  ['an anchor', 'log: &l { level: warn }\nx-not: 1\n'.replace('x-not: 1\n', ''), {}, 'log.level', 'warn'],
  ['dataDir', 'database: { dataDir: pg }', {}, 'media.dir', 'HOME/config/pg/media'],
])('%s', (_, yaml, env: Environment, path, expected) => {
  const found = path.split('.').reduce<unknown>((value, key) => Object(value)[key], settings(yaml, env));
  expect(found).toBe(typeof expected === 'string' ? expected.replace('HOME', home) : expected);
});

test('DATABASE_URL wins over the file', () => {
  const yaml = 'database: { url: "postgres://a:b@in-file/x" }';
  expect(settings(yaml).database.url?.reveal()).toBe('postgres://a:b@in-file/x');
  expect(settings(yaml, { DATABASE_URL: 'postgresql://env/y' }).database.url?.reveal()).toBe('postgresql://env/y');
});

test('anchors, aliases and merged keys are followed, and mistakes point at where the value stands', () => {
  const yaml = [
    'channels:',
    '  - &first { id: a, kind: messenger, pageId: 1, pageToken: t }',
    '  - { <<: *first, id: b }',
    '  - { <<: *first, id: c, pageToken: [] }',
  ].join('\n');
  expect(mistakes(yaml)).toEqual(['4:26 channels[2].pageToken: wrong type: a list (expected: a text)']);
});

const badConfigurations: [string, string, Environment, string[]][] = [
  [
    'an unknown key, with what was meant',
    'server:\n  prot: 80\nservr: {}\nzzz: 1',
    {},
    [
      '2:3 server.prot: unknown key (expected: did you mean port?)',
      '3:1 servr: unknown key (expected: did you mean server?)',
      '4:1 zzz: unknown key (expected: one of server, database, secrets, channels, helpdesks, crms, api, console, campaigns, media, reconcile, ledger, notices, mail, telemetry, shop, shops, privacy, retention, log, mapping)',
    ],
  ],
  [
    'missing values, at the line of what lacks them',
    'channels:\n\n  - id: acme\n    kind: messenger\n  - kind: messenger\n    pageId: 1\n    pageToken: t\napi:\n  keys:\n    - name: shop',
    {},
    [
      '3:5 channels[0].pageId: missing',
      '3:5 channels[0].pageToken: missing (expected: from the platform)',
      '5:5 channels[1].id: missing (expected: a name for this account that never changes, such as acme-page)',
      '10:7 api.keys[0].key: missing (expected: the key itself, 20 characters or more, from a variable)',
      '10:7 api.keys[0].scopes: missing (expected: what it may do: orders, consents, links, parked:read, parked:write, replay, redact, text:read, mapping:read, mapping:write, customers:read, customers:write, campaigns:read, campaigns:write, campaigns:approve, privacy)',
    ],
  ],
  [
    'wrong types',
    'server:\n  port: eighty\n  host: 12\nchannels: none\nmedia:\n  allowedHosts: 127.0.0.1\nlog: debug\napi: []',
    {},
    [
      '2:9 server.port: wrong type: a text (expected: a number)',
      '3:9 server.host: wrong type: a number (expected: a text)',
      '4:11 channels: wrong type: a text (expected: a list)',
      '6:17 media.allowedHosts: wrong type: a text (expected: a list)',
      '7:6 log: wrong type: a text (expected: keys with values)',
      '8:1 api: wrong type: a list (expected: keys with values)',
    ],
  ],
  [
    'values out of range',
    'server: { port: 70000, maxBodyBytes: lots }\nmedia:\n  timeout: 30\nlog:\n  level: loud\napi:\n  keys: [{ name: "", key: k, scopes: [ordrs] }]\nledger: { keepWebhooksFor: 2h, keepEventsFor: 1d }',
    {},
    [
      '1:17 server.port: too large (expected: at most 65535)',
      '1:38 server.maxBodyBytes: not understood; write a size such as 5mb, 512kb or a number of bytes',
      '3:12 media.timeout: not understood; write a length of time such as 30s, 15m, 72h or 7d, or 0',
      '5:10 log.level: not one of the known values (expected: trace or debug or info or warn or error or fatal or silent)',
      '7:18 api.keys[0].name: empty',
      '7:27 api.keys[0].key: too short to keep strangers out; take 20 characters or more',
      '7:39 api.keys[0].scopes[0]: not one of the known values (expected: orders or consents or links or parked:read or parked:write or replay or redact or text:read or mapping:read or mapping:write or customers:read or customers:write or campaigns:read or campaigns:write or campaigns:approve or privacy)',
      '8:28 ledger.keepWebhooksFor: too short; keep them for 1d or longer, or 0 for ever',
      '8:47 ledger.keepEventsFor: too short; keep them for 7d or longer, or 0 for ever',
    ],
  ],
  [
    'half a key for files',
    'media:\n  s3: { bucket: b, accessKeyId: a }',
    {},
    ['2:3 media.s3: accessKeyId and secretAccessKey go together; leave both out to use the machine’s own role'],
  ],
  [
    'two places for files',
    'media:\n  s3: { bucket: b }\n  gcs: { bucket: b }',
    {},
    ['1:1 media: copies are kept in one place: s3 or gcs, not both'],
  ],
  [
    'unknown kinds',
    'channels:\n  - { id: a, kind: mesenger }\n  - { id: b, kind: fax }\ncrms:\n  - { id: c, kind: constructor }',
    {},
    [
      '2:20 channels[0].kind: unknown kind (expected: did you mean messenger?)',
      '3:20 channels[1].kind: unknown kind (expected: one of messenger)',
      '5:20 crms[0].kind: unknown kind (expected: one of salesforce)',
    ],
  ],
  [
    'ids that are there twice or do not fit a URL',
    'helpdesks:\n  - { id: a, kind: zendesk, url: "https://a.example" }\n  - { id: a b, kind: zendesk, url: "https://a.example" }\n  - { id: "../x", kind: zendesk, url: "https://a.example" }\ncrms:\n  - { id: a, kind: salesforce }',
    {},
    [
      '3:11 helpdesks[1].id: not fit for a URL; use letters, digits, dots, dashes and underscores, at most 64',
      '4:11 helpdesks[2].id: not fit for a URL; use letters, digits, dots, dashes and underscores, at most 64',
      '6:11 crms[0].id: another account has this id already',
    ],
  ],
  [
    'references to nothing',
    `${page('pageId: 1, helpdesk: acme, crm: zendesk')}helpdesks:\n  - { id: acme-zendesk, kind: zendesk, url: "https://a.example" }\n  - { id: acne, kind: zendesk, url: "https://a.example" }`,
    {},
    [
      '2:66 channels[0].helpdesk: no helpdesk with this id is configured (expected: did you mean acne?)',
      '2:77 channels[0].crm: no crm with this id is configured',
    ],
  ],
  [
    'kinds of channel that there are none of',
    'notices: { channels: [messenger, whatsap] }\ncampaigns:\n  prices: [{ channel: pigeon, perMessage: 1, currency: EUR }]',
    {},
    [
      '1:34 notices.channels[1]: there is no channel of this kind (expected: one of messenger)',
      '3:23 campaigns.prices[0].channel: there is no channel of this kind (expected: one of messenger)',
    ],
  ],
  [
    'variables that are not set, each where it stands',
    'server:\n  publicUrl: "https://${HOST}/${BASE}"\n  port: ${THE_PORT}\ndatabase: { url: "${}" , dataDir: "${EMPTY}" }\nlog: { level: "${1X:-a}" }\nmapping: "${open"',
    { EMPTY: '' },
    [
      '2:23 server.publicUrl: the environment variable HOST is not set',
      '2:31 server.publicUrl: the environment variable BASE is not set',
      '3:9 server.port: the environment variable THE_PORT is not set',
      '4:19 database.url: unreadable "${" (expected: ${NAME} or ${NAME:-default})',
      '4:36 database.dataDir: the environment variable EMPTY is empty',
      '5:16 log.level: unreadable "${" (expected: ${NAME} or ${NAME:-default})',
      '6:11 mapping: unreadable "${" (expected: ${NAME} or ${NAME:-default})',
    ],
  ],
  [
    'an unset variable as kind, id or reference says only that',
    'channels:\n  - { id: "${I}", kind: "${K}" }\n  - { id: "${I}", kind: messenger, pageId: 1, pageToken: t, helpdesk: "${H}" }',
    {},
    [
      '2:12 channels[0].id: the environment variable I is not set',
      '2:26 channels[0].kind: the environment variable K is not set',
      '3:12 channels[1].id: the environment variable I is not set',
      '3:72 channels[1].helpdesk: the environment variable H is not set',
    ],
  ],
  [
    'bad URLs',
    `server: { publicUrl: chat.acme.example }\n${page('pageId: 1, apiUrl: graph')}database: { url: "mysql://a:hidden@b/c" }\nconsole:\n  admins: [{ email: admin, password: x }]`,
    {},
    [
      '1:22 server.publicUrl: not a web address (http or https)',
      '3:64 channels[0].apiUrl: not a URL (expected: such as https://example.com)',
      '4:18 database.url: not the address of a Postgres (postgres://user:password@host/name)',
      '6:21 console.admins[0].email: not an e-mail address',
    ],
  ],
  [
    "a kind's own mistakes",
    page('pageId: [], humanAgent: yes, apiVersion: 26, pageTokn: x'),
    {},
    [
      '2:45 channels[0].pageId: wrong type: a list (expected: a text)',
      '2:69 channels[0].humanAgent: wrong type: a text (expected: true or false)',
      '2:86 channels[0].apiVersion: wrong type: a number (expected: a text)',
      '2:90 channels[0].pageTokn: unknown key (expected: did you mean pageToken?)',
    ],
  ],
  [
    'an account that is none',
    'channels: [x]',
    {},
    ['1:12 channels[0]: wrong type: a text (expected: keys with values)'],
  ],
  ['a file that is a list', '- a\n- b', {}, ['1:1 wrong type: a list (expected: keys with values)']],
  ['a mapping that is not there', 'mapping: ./nowhere.yaml', {}, ['1:10 mapping: there is no such file']],
  [
    'the environment',
    '',
    { PORT: 'http', DATABASE_URL: 'secret-host/x' },
    [
      'environment PORT: not understood (expected: a port number)',
      'environment DATABASE_URL: not understood (expected: postgres://user:password@host/name)',
    ],
  ],
  ['YAML: a tab', 'server:\n\tport: 1', {}, ['2:1 a tab as indentation; use spaces']],
  ['YAML: an open quote', 'server:\n  host: "abc\n', {}, ['3:1 a quote or bracket before this is not closed']],
  ['YAML: a second colon', 'server:\n  host: a: b', {}, ['2:9 a second ": " on one line; put the value in quotes']],
  [
    'YAML: indentation',
    'server:\n  port: 1\n host: x',
    {},
    ['3:1 indented differently from its neighbours, or a bracket is not closed'],
  ],
  [
    'YAML: a bare variable in braces',
    'log: { level: ${L} }',
    {},
    ['1:16 ${NAME} inside { } or [ ] must stand in quotes'],
  ],
  ['YAML: an alias without anchor', 'log: *x', {}, ['1:6 an alias (*name) whose anchor (&name) is not above it']],
  [
    'YAML: a key twice, beside other mistakes',
    'log: { level: info }\nserver: { port: x }\nlog: { level: warn }',
    {},
    ['2:17 server.port: wrong type: a text (expected: a number)', '3:1 this key is here twice'],
  ],
];

test.each(badConfigurations)('tells of %s', (_, yaml, env, expected) => expect(mistakes(yaml, env)).toEqual(expected));

test('mistakes hold no values, wherever they come from', () => {
  const value = 'EAAB-page-token';
  const env = { TOKEN: value };
  const everywhere = [
    `channels:\n  - { id: "\${TOKEN} x", kind: "\${TOKEN}", helpdesk: "\${TOKEN}" }`,
    `channels:\n  - { id: ${value} x, kind: ${value}, helpdesk: ${value} }`,
    page(`pageId: [${value}], apiUrl: ${value}, apiVersion: "\${TOKEN}"`),
    `database: { url: ${value} }\nlog: { level: "\${TOKEN}" }\nserver: { port: "\${TOKEN}", publicUrl: ${value} }`,
    `log: "${value}" "${value}"\n`,
    `log: [${value}\nserver: ${value}: ${value}`,
    `log: !${value} x`,
    `log: *${value}`,
  ];
  for (const yaml of everywhere) {
    const told = mistakes(yaml, env);
    expect(told).not.toEqual([]);
    expect(told.join('\n')).not.toContain(value);
  }
});

test('a missing file says where it was sought and what to do', () => {
  const result = readSettings({ env: { PASSERELLE_CONFIG: join(home, 'none.yaml') }, kinds, home });
  expect(result).toEqual({
    ok: false,
    mistakes: [
      expect.objectContaining({
        file: join(home, 'none.yaml'),
        line: 0,
        problem: expect.stringContaining('config/example.passerelle.yaml'),
      }),
    ],
  });
});

test('a folder is not a file', () => {
  const result = readSettings({ path: home, env: {}, kinds });
  expect(result).toMatchObject({ ok: false, mistakes: [{ file: home, problem: 'cannot be read (EISDIR)' }] });
});

/** The whole file with some lines dropped, doubled, indented or cut. */
const damaged = fc
  .array(fc.record({ line: fc.nat(20), how: fc.constantFrom('drop', 'double', 'indent', 'cut') }), { maxLength: 4 })
  .map((changes) => changes.reduce((text, { line, how }) => damage(text, line, how), whole));

function damage(text: string, at: number, how: string): string {
  const changes: Record<string, (line: string) => string[]> = {
    drop: () => [],
    double: (line) => [line, line],
    indent: (line) => [` ${line}`],
    cut: (line) => [line.slice(0, line.length / 2)],
  };
  return text
    .split('\n')
    .flatMap((line, index) => (index === at ? (changes[how]?.(line) ?? []) : [line]))
    .join('\n');
}

test('whatever a file holds, it is taken or its mistakes are told with a line, never a throw', () => {
  const anything = fc.oneof(damaged, fc.string({ unit: 'binary' }), fc.json());
  fc.assert(
    fc.property(anything, (yaml) => {
      const result = read(yaml, wholeEnv);
      const lines = yaml.split('\n').length;
      if (result.ok) expect(result.settings.server.port).toBeGreaterThan(0);
      else for (const { line } of result.mistakes) expect(line >= 1 && line <= lines).toBe(true);
    }),
    { numRuns: 300 },
  );
});

import { expect, test } from 'vitest';
import type { Channel, Received } from '../channels/channel.ts';
import type { CheckReport } from '../flows/doctor/run-checks.ts';
import type { Mistake } from '../settings/mistake.ts';
import { type GoodConfiguration, type ProgramDeps, runProgram } from './program.ts';
import type { ReconcileReport } from './reconcile.ts';

/** Answers what the body says, so that a test can say what a channel would make of a webhook. */
const parrot = {
  kind: 'parrot',
  label: 'Parrot',
  receive: ({ body }: { body: Buffer }): Received => {
    const read = JSON.parse(body.toString()) as { at?: string }[] | string;
    if (typeof read === 'string') return { malformed: read };
    return { events: read.map((event) => ({ ...event, at: new Date(event.at ?? 0) })) as never };
  },
} as unknown as Channel;

const settings = { file: '/etc/passerelle.yaml', channels: [{}], helpdesks: [{}, {}], crms: [] };
const good = { ok: true, settings, mapping: {} } as unknown as GoodConfiguration;
const mistake: Mistake = { file: '/etc/p.yaml', line: 3, column: 5, path: 'server.prot', problem: 'unknown key' };

interface Given {
  files?: Record<string, unknown>;
  mistakes?: Mistake[];
  findings?: CheckReport[];
  report?: ReconcileReport;
}

async function run(args: string[], given: Given = {}) {
  const out: string[] = [];
  const err: string[] = [];
  const did: string[] = [];
  const deps: ProgramDeps = {
    terminal: {
      out: (line) => void out.push(line),
      err: (line) => void err.push(line),
      read: async (file) => {
        if (!given.files || !(file in given.files)) throw new Error('ENOENT');
        return Buffer.from(JSON.stringify(given.files[file]));
      },
    },
    channels: { parrot },
    examplesIn: '/examples',
    usualFile: '/etc/passerelle.yaml',
    readConfiguration: (path) => {
      did.push(`read ${path ?? 'the usual'}`);
      return given.mistakes ? { ok: false, mistakes: given.mistakes } : good;
    },
    start: async (configuration) => void did.push(`started ${configuration.settings.file}`),
    examine: async () => given.findings ?? [],
    reconcile: async (_, account, back) => {
      did.push(`reconciled ${account} ${back}`);
      return given.report ?? { cannot: 'no such account' };
    },
    openChannels: () => {
      throw new Error('no channels here');
    },
    openVault: async () => {
      throw new Error('no vault here');
    },
    campaignsOf: () => {
      throw new Error('no campaigns here');
    },
    openMappingDesk: async () => {
      throw new Error('no ledger here');
    },
    openPolicy: async () => {
      throw new Error('no ledger here');
    },
    channelApp: () => ({ cannot: 'not used here' }),
    openOrgs: () => {
      throw new Error('no orgs here');
    },
    openSetups: () => ({ cannot: 'no setups here' }),
    openOperations: async () => {
      throw new Error('no ledger here');
    },
    who: 'cli:test',
  };
  const code = await runProgram(args, deps);
  return { code, out, err, did };
}

const at = '2026-01-31T09:00:00.000Z';
const message = {
  from: 'u1',
  type: 'message',
  at,
  to: 'p1',
  replyTo: 'm0',
  id: 'm1',
  parts: [{ type: 'text', text: 'Hi\nyou' }],
};
const receipt = { type: 'receipt', id: 'r1', to: 'p1', at, from: 'u1', state: 'read', of: ['m1'] };
const unknown = { type: 'unsupported', id: 'x1', to: 'p1', at, what: 'game_play' };
const files = { 'body.json': [message, receipt, unknown], '-': [receipt], bad: 'expected entry, a list', none: [] };

test('explain --json prints one event a line, the fields in one order', async () => {
  const { code, out } = await run(['explain', 'parrot', 'body.json', '--json'], { files });
  expect(code).toBe(0);
  expect(out).toEqual([
    `{"type":"message","id":"m1","from":"u1","to":"p1","at":"${at}","parts":[{"type":"text","text":"Hi\\nyou"}],"replyTo":"m0"}`,
    `{"type":"receipt","id":"r1","from":"u1","to":"p1","at":"${at}","state":"read","of":["m1"]}`,
    `{"type":"unsupported","id":"x1","to":"p1","at":"${at}","what":"game_play"}`,
  ]);
});

test('explain prints a table for people', async () => {
  const { code, out } = await run(['explain', 'parrot', 'body.json'], { files });
  expect(code).toBe(0);
  expect(out).toEqual([
    'TYPE         AT                        FROM  TO  ID  CONTENT',
    'message      2026-01-31T09:00:00.000Z  u1    p1  m1  text: Hi you; replyTo=m0',
    'receipt      2026-01-31T09:00:00.000Z  u1    p1  r1  state=read; of=["m1"]',
    'unsupported  2026-01-31T09:00:00.000Z  -     p1  x1  what=game_play',
  ]);
});

test('what a customer wrote cannot drive the terminal', async () => {
  const nasty = { ...message, parts: [{ type: 'text', text: '\u001b[2Jgone\u202e' }] };
  const { out } = await run(['explain', 'parrot', 'f'], { files: { f: [nasty] } });
  expect(out.at(-1)).toContain('text: [2Jgone; replyTo');
});

test.each([
  ['standard input', ['explain', 'parrot', '-', '--json'], 0, [expect.stringContaining('"receipt"')], []],
  ['no events', ['explain', 'parrot', 'none'], 0, ['No events.'], []],
  ['no events as JSON', ['explain', 'parrot', 'none', '--json'], 0, [], []],
  [
    'a malformed body',
    ['explain', 'parrot', 'bad'],
    1,
    [],
    ['This is no webhook of that kind: expected entry, a list'],
  ],
  ['a file that is not there', ['explain', 'parrot', 'nowhere'], 2, [], ['nowhere cannot be read.']],
  [
    'an unknown kind',
    ['explain', 'parot', 'body.json'],
    2,
    [],
    ['There is no channel of the kind parot. Did you mean parrot? Kinds: parrot.'],
  ],
  [
    'a kind that is a word of JavaScript',
    ['explain', 'toString', 'f'],
    2,
    [],
    [expect.stringContaining('Kinds: parrot')],
  ],
])('explain: %s', async (_, args, code, out, err) => {
  expect(await run(args, { files })).toEqual({ code, out, err, did: [] });
});

test('check-config says that all is well, and what there is', async () => {
  expect(await run(['check-config'])).toMatchObject({
    code: 0,
    out: ['/etc/passerelle.yaml: ok (1 channel, 2 helpdesks, 0 CRMs)'],
    err: [],
    did: ['read the usual'],
  });
});

test('check-config prints mistakes as editors link them, or as JSON', async () => {
  expect(await run(['check-config', 'new.yaml'], { mistakes: [mistake] })).toEqual({
    code: 1,
    out: [],
    err: ['/etc/p.yaml:3:5 server.prot: unknown key', '1 mistake in the configuration.'],
    did: ['read new.yaml'],
  });
  const { code, out, err } = await run(['check-config', '--json'], { mistakes: [mistake, mistake] });
  expect({ code, out: out.map((line) => JSON.parse(line)), err }).toEqual({
    code: 1,
    out: [mistake, mistake],
    err: [],
  });
});

test('start starts, unless there are mistakes', async () => {
  expect(await run(['start'])).toMatchObject({ code: 0, did: ['read the usual', 'started /etc/passerelle.yaml'] });
  expect(await run(['start'], { mistakes: [mistake] })).toMatchObject({
    code: 1,
    err: ['/etc/p.yaml:3:5 server.prot: unknown key', '1 mistake in the configuration.'],
    did: ['read the usual'],
  });
});

const findings: CheckReport[] = [
  { account: 'acme-page', kind: 'messenger', findings: [{ ok: true, what: 'the token works' }] },
  {
    account: 'acme-zendesk',
    kind: 'zendesk',
    findings: [
      { ok: false, what: 'log in', why: 'refused', fix: 'Make a new OAuth client.' },
      { ok: true, what: 'reads tickets', fix: 'not shown' },
    ],
  },
  { account: 'acme-sf', kind: 'salesforce', findings: [] },
];

test('doctor prints what is well and how to mend what is not', async () => {
  expect(await run(['doctor'], { findings })).toMatchObject({
    code: 1,
    out: [
      'acme-page (messenger)',
      '  ✓ the token works',
      'acme-zendesk (zendesk)',
      '  ✗ log in: refused',
      '      → Make a new OAuth client.',
      '  ✓ reads tickets',
      'acme-sf (salesforce)',
      '  nothing to check',
      '1 thing needs mending.',
    ],
  });
  const { code, out } = await run(['doctor', '--json'], { findings });
  expect(code).toBe(1);
  expect(out.map((line) => JSON.parse(line)).map(({ account, ok }) => [account, ok])).toEqual([
    ['acme-page', true],
    ['acme-zendesk', false],
    ['acme-zendesk', true],
  ]);
});

test.each([
  ['all well', { findings: findings.slice(0, 1) }, 0, 'All is well.'],
  ['no accounts', { findings: [] }, 0, 'Nothing to check: no accounts are configured.'],
  ['mistakes', { mistakes: [mistake] }, 1, undefined],
])('doctor with %s', async (_, given, code, lastLine) => {
  const result = await run(['doctor'], given);
  expect({ code: result.code, lastLine: result.out.at(-1) }).toEqual({ code, lastLine });
});

test.each([
  [['--help'], 0, 'Usage: passerelle'],
  [['explain', '--help'], 0, 'passerelle explain parrot body.json'],
  [['help', 'doctor'], 0, 'passerelle doctor --json'],
  [[], 2, 'Usage: passerelle'],
  [['strat'], 2, 'start'],
  [['explain', 'parrot'], 2, "missing required argument 'file'"],
  [['doctor', '--jsn'], 2, '--json'],
])('%j exits with %j and says %j', async (args, code, said) => {
  const { code: ended, out, err } = await run(args);
  expect(ended).toBe(code);
  expect([...out, ...err].join('\n')).toContain(said);
});

const report = {
  from: new Date('2026-01-31T09:00:00Z'),
  to: new Date('2026-01-31T11:00:00Z'),
  ...{ seen: 412, known: 412, recovered: 0, missed: 0 },
};
const between = 'Between 2026-01-31T09:00 and 2026-01-31T11:00 UTC';
const reports: [string, ReconcileReport, string[], number][] = [
  ['all there', report, [between, '412 of 412 messages are in the ledger.'], 0],
  [
    'some recovered',
    { ...report, known: 409, recovered: 3 },
    [between, '409 of 412 messages were in the ledger: 3 recovered.'],
    0,
  ],
  [
    'some not to be had',
    { ...report, known: 408, recovered: 3, missed: 1 },
    [
      between,
      '408 of 412 messages were in the ledger: 3 recovered, 1 no longer shown by the platform; their tickets say so.',
    ],
    0,
  ],
  [
    'not to be read',
    { ...report, problem: 'a permission is missing' },
    [`${between} the history could not be compared: a permission is missing`],
    1,
  ],
];
test.each(reports)('reconcile tells: %s', async (_, given, lines, exit) => {
  const { code, out, did } = await run(['reconcile', 'acme-page', '--since', '2h'], { report: given });
  expect([code, out]).toEqual([exit, lines]);
  expect(did).toContain('reconciled acme-page 7200000');
});

test('reconcile looks back a day unless told otherwise, as JSON if asked, and says what is wrong with the question', async () => {
  const asJson = await run(['reconcile', 'acme-page', '--json'], { report });
  expect(asJson.did).toContain('reconciled acme-page 86400000');
  expect(JSON.parse(asJson.out.join())).toMatchObject({ account: 'acme-page', seen: 412 });
  expect(await run(['reconcile', 'acme-page', '--since', 'soon'])).toMatchObject({
    code: 2,
    err: [expect.stringContaining('soon')],
  });
  expect(await run(['reconcile', 'nobody'])).toMatchObject({ code: 2, err: ['no such account'] });
});

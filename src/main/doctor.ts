import type { GoodConfiguration } from '../cli/program.ts';
import type { Finding } from '../domain/finding.ts';
import type { Mapping } from '../domain/mapping.ts';
import { done } from '../domain/outcome.ts';
import { channelChecks, crmChecks, helpdeskChecks } from '../flows/doctor/account-checks.ts';
import { clockCheck, watchingClocks } from '../flows/doctor/clock-skew.ts';
import { configurationCheck } from '../flows/doctor/configuration-check.ts';
import { mappingCheck } from '../flows/doctor/mapping-check.ts';
import { policyCheck } from '../flows/doctor/policy-check.ts';
import { reachCheck } from '../flows/doctor/reach.ts';
import { type Check, type CheckOptions, type CheckReport, runChecks } from '../flows/doctor/run-checks.ts';
import type { MappingReader } from '../flows/live-mapping.ts';
import { channelSetup, helpdeskSetup, tagsOf } from '../flows/provision/setups.ts';
import { silentLog } from '../kit/log.ts';
import type { Tools } from '../kit/tools.ts';
import { accountsDigest } from '../settings/digest.ts';
import type { Settings } from '../settings/settings.ts';
import { type Database, migrate, openDatabase } from '../store/database.ts';
import { diskFinding } from '../store/disk-room.ts';
import { hasEmbeddedPostgres } from '../store/embedded-postgres.ts';
import { ledgerFindings } from '../store/ledger-health.ts';
import { checkVault, openVault } from '../store/vault.ts';
import { connect } from './connect.ts';
import { crms } from './kinds.ts';
import { mailCheck } from './mail-check.ts';
import { type Closer, databaseUrl, makeTools, sharedByNobody } from './outside.ts';
import { tokensBeside } from './tokens.ts';

/** What is looked at. */
export interface Examined {
  settings: Settings;
  mapping: Mapping & { source: MappingReader };
}

/** For the command line: everything is opened for it, and closed again. */
export async function doctorFor(configuration: GoodConfiguration, options: CheckOptions): Promise<CheckReport[]> {
  const { settings } = configuration;
  const closers: Closer[] = [];
  const tools = makeTools(settings, silentLog, closers, sharedByNobody());
  let db: Promise<Database> | undefined;
  const ledger = () => {
    db ??= databaseUrl(settings, silentLog, closers, 'shared').then((url) => {
      const opened = openDatabase(url, 2);
      closers.push(() => opened.destroy());
      return opened;
    });
    return db;
  };
  try {
    const tokens = tokensBeside(settings, ledger);
    return await examine(configuration, { ...tools, tokens, ledger }, options);
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** All checks at once; the clock is looked at when the platforms have answered. */
export async function examine(
  { settings, mapping }: Examined,
  { ledger, ...given }: Tools & { ledger: () => Promise<Database> },
  options: CheckOptions,
): Promise<CheckReport[]> {
  const clocks = watchingClocks(given.http, given.clock);
  const tools: Tools = { ...given, http: clocks.http };
  const checks = [...accountChecks({ settings, mapping }, tools), ...ownChecks({ settings, mapping }, tools, ledger)];
  const reports = await runChecks(checks, options);
  return [...reports, ...(await runChecks([clockCheck(clocks.finding)], { ...options, onProgress: () => undefined }))];
}

function accountChecks({ settings, mapping }: Examined, tools: Tools): Check[] {
  const { channels, helpdesks, crms: stores, callbacks } = connect(settings, tools);
  const publicUrl = settings.server.publicUrl?.replace(/\/+$/, '');
  const place = publicUrl === undefined ? undefined : { publicUrl, remove: false, tools };
  return [
    ...[...channels.values()].flatMap((each) => channelChecks(each, place && channelSetup(each, place), tools)),
    ...callbacks.flatMap(({ helpdesk, account }) => {
      const connected = helpdesks.get(account.id)!;
      const { kind, label } = helpdesk;
      const named = { kind, id: account.id as string, session: connected.session };
      const tags = tagsOf(mapping, channels.values(), account.id);
      const uses = helpdesk.uses?.(account) ?? [];
      return helpdeskChecks(connected, { kind, label, uses }, place && helpdeskSetup({ ...named, tags }, place), tools);
    }),
    ...[...stores.values()].flatMap((each) => crmChecks(each, kindOfCrm(settings, each.id))),
  ];
}

function kindOfCrm({ crms: accounts }: Settings, id: string): { kind: string; label: string } {
  const { kind, label } = crms.get(accounts.find((account) => account.id === id)!.kind)!;
  return { kind, label };
}

function ownChecks({ settings, mapping }: Examined, tools: Tools, ledger: () => Promise<Database>): Check[] {
  const { publicUrl } = settings.server;
  return [
    reachCheck({ publicUrl: publicUrl?.replace(/\/+$/, ''), digest: accountsDigest(settings), http: tools.http }),
    databaseCheck(settings, ledger),
    mappingCheck(mapping.source, async () => ((await hasLedger(settings)) ? ledger() : undefined)),
    mediaCheck(settings),
    policyCheck(settings.policy, new Set(settings.channels.map(({ kind }) => kind)), tools.clock.now),
    ...(settings.mail ? [mailCheck(settings.mail)] : []),
    configurationCheck({
      channels: settings.channels.map(({ id, helpdesk, crm }) => ({
        id,
        ...(typeof helpdesk === 'string' && { helpdesk }),
        ...(typeof crm === 'string' && { crm }),
      })),
      helpdesks: settings.helpdesks,
      crms: settings.crms,
    }),
  ];
}

/** An embedded one is made by the first start. */
const hasLedger = async ({ database: { url, dataDir } }: Settings): Promise<boolean> =>
  url !== undefined || (await hasEmbeddedPostgres(dataDir));

const databaseCheck = (settings: Settings, ledger: () => Promise<Database>): Check => ({
  account: 'database',
  kind: settings.database.url ? 'postgres' : 'embedded',
  name: 'the database',
  matters: 'Nothing is taken in that cannot be written to the ledger.',
  look: async (): Promise<Finding[]> => {
    const { url, dataDir } = settings.database;
    if (!(await hasLedger(settings)))
      return [{ ok: true, what: `no ledger in ${dataDir} yet: the first start makes it` }];
    const disk = url ? [] : [await diskFinding(dataDir)];
    return [...(await ledgerFindings(await ledger())), ...disk];
  },
  mend: { words: 'tables brought up to date', run: async () => done(await migrate(await ledger())) },
});

function mediaCheck({ media }: Settings): Check {
  const kind = media.s3 ? 's3' : media.gcs ? 'gcs' : 'folder';
  return {
    account: 'media',
    kind,
    name: 'the store for copies of files',
    matters: 'Without it files that customers send do not reach tickets, or late.',
    look: async () => {
      const checked = await checkVault(await openVault(media));
      return kind === 'folder' ? [checked, await diskFinding(media.dir)] : [checked];
    },
  };
}

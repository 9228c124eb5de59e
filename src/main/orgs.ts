import type { GoodConfiguration } from '../cli/program.ts';
import type { Org } from '../cli/provision-salesforce.ts';
import type { Outcome } from '../domain/outcome.ts';
import { silentLog } from '../kit/log.ts';
import type { Tools } from '../kit/tools.ts';
import { type Connection, openConnection } from '../salesforce/connection.ts';
import type { Login } from '../salesforce/login.ts';
import { bundleOf, removalOf, zipOf } from '../salesforce/package/bundle.ts';
import { assignTo, compare } from '../salesforce/package/compare.ts';
import { type Component, consentFolder, packageFolder, readComponents } from '../salesforce/package/components.ts';
import { deploy } from '../salesforce/package/deploy.ts';
import type { Settings } from '../settings/settings.ts';
import { type Closer, makeTools, sharedByNobody } from './outside.ts';

/** The Salesforce orgs of the configuration, with nothing around them. */
export function openOrgs({ settings }: GoodConfiguration): { orgs: Org[]; close(): Promise<void> } {
  const closers: Closer[] = [];
  const tools = makeTools(settings, silentLog, closers, sharedByNobody());
  return {
    orgs: loginsOf(settings).map((login) => orgOf(login, keepsConsents(settings, login), tools)),
    close: async () => {
      for (const close of closers.reverse()) await close();
    },
  };
}

/** An org that is helpdesk and CRM is one, as long as the same user logs in. */
function loginsOf({ helpdesks, crms }: Settings): Login[] {
  const accounts = [...helpdesks, ...crms].filter(({ kind }) => kind === 'salesforce') as unknown as Login[];
  const byUser = new Map(accounts.toReversed().map((login) => [userOf(login), login]));
  return accounts.filter((login) => byUser.get(userOf(login)) === login);
}

const userOf = ({ loginUrl, clientId, username }: Login) => `${loginUrl} ${clientId} ${username ?? ''}`;

/** Whether consents are written to the org that this user logs in to. */
const keepsConsents = ({ crms }: Settings, login: Login): boolean =>
  (crms as unknown as (Login & { kind: string; consent?: { write: boolean } })[]).some(
    (crm) => crm.kind === 'salesforce' && userOf(crm) === userOf(login) && crm.consent?.write === true,
  );

async function componentsFor(consents: boolean): Promise<Component[]> {
  const folders = [packageFolder, ...(consents ? [consentFolder] : [])];
  return (await Promise.all(folders.map(readComponents))).flat();
}

function orgOf(login: Login, consents: boolean, tools: Tools): Org {
  const connection = openConnection(login, tools);
  const bundle = async (remove: boolean): Promise<Buffer> => {
    const components = await componentsFor(consents);
    return zipOf((remove ? removalOf : bundleOf)(components, login.apiVersion));
  };
  return {
    id: login.id,
    zip: bundle,
    compare: async () => {
      const compared = await compare(connection, await componentsFor(consents));
      return compared.result === 'done' ? { differs: compared.value } : { cannot: compared.why };
    },
    deploy: async ({ checkOnly, remove, onProgress }) => {
      const ended = await deploy(connection, tools.clock, await bundle(remove), { checkOnly, onProgress });
      if (ended.result !== 'done') return { cannot: ended.why };
      const { success, problems } = ended.value;
      if (!success) return { problems: problems.length > 0 ? problems : [unsaid] };
      const sets = checkOnly || remove ? [] : ['Passerelle', ...(consents ? ['Passerelle_Consent'] : [])];
      const assigned = await assignAll(connection, sets);
      return assigned.result === 'done' ? { problems: [] } : { cannot: assigned.why };
    },
  };
}

async function assignAll(connection: Connection, sets: readonly string[]): Promise<Outcome<void>> {
  for (const name of sets) {
    const assigned = await assignTo(connection, name);
    if (assigned.result !== 'done') return assigned;
  }
  return { result: 'done', value: undefined };
}

const unsaid = { component: 'the deployment', problem: 'Salesforce refused it and did not say why' };

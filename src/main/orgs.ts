import type { GoodConfiguration } from '../cli/program.ts';
import type { Org } from '../cli/provision-salesforce.ts';
import type { Outcome } from '../domain/outcome.ts';
import { silentLog } from '../kit/log.ts';
import type { Tools } from '../kit/tools.ts';
import { openConnection } from '../salesforce/connection.ts';
import type { Login } from '../salesforce/login.ts';
import { bundleOf, removalOf, zipOf } from '../salesforce/package/bundle.ts';
import { assignTo, compare } from '../salesforce/package/compare.ts';
import { packageFolder, readComponents } from '../salesforce/package/components.ts';
import { deploy } from '../salesforce/package/deploy.ts';
import type { Settings } from '../settings/settings.ts';
import { type Closer, makeTools, sharedByNobody } from './outside.ts';

/** The Salesforce orgs of the configuration, with nothing around them. */
export function openOrgs({ settings }: GoodConfiguration): { orgs: Org[]; close(): Promise<void> } {
  const closers: Closer[] = [];
  const tools = makeTools(settings, silentLog, closers, sharedByNobody());
  return {
    orgs: loginsOf(settings).map((login) => orgOf(login, tools)),
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

function orgOf(login: Login, tools: Tools): Org {
  const connection = openConnection(login, tools);
  const bundle = async (remove: boolean): Promise<Buffer> => {
    const components = await readComponents(packageFolder);
    return zipOf((remove ? removalOf : bundleOf)(components, login.apiVersion));
  };
  return {
    id: login.id,
    zip: bundle,
    compare: async () => {
      const compared = await compare(connection, await readComponents(packageFolder));
      return compared.result === 'done' ? { differs: compared.value } : { cannot: compared.why };
    },
    deploy: async ({ checkOnly, remove, onProgress }) => {
      const ended = await deploy(connection, tools.clock, await bundle(remove), { checkOnly, onProgress });
      if (ended.result !== 'done') return { cannot: ended.why };
      const { success, problems } = ended.value;
      if (!success) return { problems: problems.length > 0 ? problems : [unsaid] };
      const assigned: Outcome<void> =
        checkOnly || remove ? { result: 'done', value: undefined } : await assignTo(connection, 'Passerelle');
      return assigned.result === 'done' ? { problems: [] } : { cannot: assigned.why };
    },
  };
}

const unsaid = { component: 'the deployment', problem: 'Salesforce refused it and did not say why' };

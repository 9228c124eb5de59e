import FormData from 'form-data';
import { z } from 'zod';
import { seconds } from '../../domain/duration.ts';
import { done, type Outcome } from '../../domain/outcome.ts';
import type { Clock } from '../../kit/clock.ts';
import { type Connection, readAs } from '../connection.ts';
import { troubleOf } from '../outcome.ts';

/** What Salesforce says of a component that it did not take. */
export interface Problem {
  component: string;
  problem: string;
}

export interface Deployed {
  success: boolean;
  problems: Problem[];
}

export interface Progress {
  status: string;
  done: number;
  total: number;
}

const state = z.object({
  id: z.string(),
  deployResult: z.object({
    done: z.boolean(),
    status: z.string(),
    success: z.boolean().catch(false),
    errorMessage: z.string().nullish(),
    numberComponentsDeployed: z.number().catch(0),
    numberComponentsTotal: z.number().catch(0),
    details: z
      .object({
        componentFailures: z
          .array(z.object({ fullName: z.string().nullish(), componentType: z.string().nullish(), problem: z.string() }))
          .catch([]),
      })
      .nullish(),
  }),
});
type State = z.infer<typeof state>['deployResult'];

const askEvery = seconds(1);
/** An org that is busy with other deployments makes this one wait. */
const mostAsks = 600;

/**
 * Deploys a bundle and waits for the end; `checkOnly` only tries (Metadata API Developer Guide, "Deploying with REST").
 * All of it happens, or none.
 */
export async function deploy(
  connection: Connection,
  clock: Clock,
  zip: Buffer,
  options: { checkOnly: boolean; onProgress(progress: Progress): void },
): Promise<Outcome<Deployed>> {
  const form = formWith(zip, options.checkOnly);
  const begun = await connection.post('/metadata/deployRequest', form.getBuffer(), form.getHeaders());
  if (begun.result !== 'done') return troubleOf(begun, true);
  const taken = readAs(z.object({ id: z.string().regex(/^0Af\w{12,15}$/) }), begun.value);
  if (taken.result !== 'done') return taken;
  const { id } = taken.value;
  for (let asks = 0; asks < mostAsks; asks++) {
    const reply = await connection.ask({ method: 'GET', path: `/metadata/deployRequest/${id}?includeDetails=true` });
    const read = reply.result === 'done' ? readAs(state, reply.value) : troubleOf(reply, true);
    if (read.result !== 'done' && read.result !== 'later') return read;
    if (read.result === 'done') {
      const result = read.value.deployResult;
      options.onProgress(progressOf(result));
      if (result.done) return done(endOf(result));
    }
    await clock.sleep(askEvery);
  }
  return { result: 'later', why: 'the deployment is still waiting; Setup, Deployment Status, shows it' };
}

function formWith(zip: Buffer, checkOnly: boolean): FormData {
  const deployOptions = {
    allowMissingFiles: false,
    autoUpdatePackage: false,
    checkOnly,
    ignoreWarnings: true,
    performRetrieve: false,
    purgeOnDelete: false,
    rollbackOnError: true,
    singlePackage: true,
  };
  const form = new FormData();
  form.append('entity_content', JSON.stringify({ deployOptions }), { contentType: 'application/json' });
  form.append('file', zip, { contentType: 'application/zip', filename: 'package.zip' });
  return form;
}

const progressOf = ({ status, numberComponentsDeployed, numberComponentsTotal }: State): Progress => ({
  status,
  done: numberComponentsDeployed,
  total: numberComponentsTotal,
});

function endOf({ success, errorMessage, details }: State): Deployed {
  const problems = (details?.componentFailures ?? []).map(({ fullName, componentType, problem }) => ({
    component: [componentType, fullName].filter(Boolean).join(' '),
    problem,
  }));
  if (errorMessage) problems.push({ component: 'the deployment', problem: errorMessage });
  return { success, problems };
}

import { type Answer, type Call, notThere, ok, refuse } from './answer.ts';
import { answerCollection } from './collections.ts';
import { answerComposite, answerGraphs } from './composite.ts';
import { tellDeployment } from './deployments.ts';
import type { Org } from './org.ts';
import { answerQuery } from './queries.ts';
import { answerSobjects } from './sobjects.ts';

/** The REST API below `/services/data/vXX.X`, for a caller whose token is good. Every call counts against the limit. */
export function answerApi(org: Org, call: Call): Answer {
  if (org.apiUsed >= org.apiMax) return refuse(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
  org.apiUsed++;
  const answer = answerCall(org, call);
  return { ...answer, headers: { 'sforce-limit-info': `api-usage=${org.apiUsed}/${org.apiMax}`, ...answer.headers } };
}

function answerCall(org: Org, call: Call): Answer {
  const steps = stepsOf(call.path);
  if (!steps) return notThere();
  const [first, ...rest] = steps;
  if (first === undefined) return ok(resources(call.version));
  if (first === 'sobjects') return answerSobjects(org, call, rest);
  if (first === 'query' || first === 'queryAll') return answerQuery(org, call, rest);
  if (first === 'limits' && call.method === 'GET') return ok(limits(org));
  if (first === 'metadata' && rest[0] === 'deployRequest' && rest.length === 2) return tellDeployment(org, rest[1]!);
  if (first !== 'composite') return notThere();
  if (rest[0] === 'sobjects') return answerCollection(org, call, rest.slice(1));
  if (rest[0] === 'graph' && rest.length === 1) return answerGraphs(org, call, (each) => answerCall(org, each));
  return rest.length === 0 ? answerComposite(org, call, (each) => answerCall(org, each)) : notThere();
}

/** The steps of a path, decoded; undefined when it is not well encoded. */
function stepsOf(path: string): string[] | undefined {
  try {
    return path.split('/').slice(1).filter(Boolean).map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

function resources(version: string): Record<string, string> {
  const names = ['sobjects', 'query', 'queryAll', 'limits', 'composite'];
  return Object.fromEntries(names.map((name) => [name, `/services/data/v${version}/${name}`]));
}

const limits = (org: Org) => ({
  DailyApiRequests: { Max: org.apiMax, Remaining: org.apiMax - org.apiUsed },
  DataStorageMB: { Max: 1024, Remaining: 1000 },
  FileStorageMB: { Max: 1024, Remaining: 1000 },
  DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 },
});

import { type Answer, type Call, ok, refuse } from './answer.ts';
import { inTransaction, type Org } from './org.ts';

interface Subrequest {
  method: string;
  url: string;
  referenceId: string;
  body?: unknown;
  httpHeaders?: Record<string, string>;
}

interface Subanswer {
  body: unknown;
  httpHeaders: Record<string, string>;
  httpStatusCode: number;
  referenceId: string;
}

const most = 25;

/** `/composite`: up to 25 calls in one, where later ones may refer to earlier ones as `@{referenceId.field}`. */
export function answerComposite(org: Org, call: Call, answerOne: (call: Call) => Answer): Answer {
  const { compositeRequest, allOrNone } = (call.body ?? {}) as { compositeRequest?: Subrequest[]; allOrNone?: boolean };
  if (!Array.isArray(compositeRequest) || compositeRequest.length > most)
    return refuse(400, 'INVALID_INPUT', `compositeRequest must be an array of at most ${most} requests`);
  return ok({ compositeResponse: answersTo(org, call, compositeRequest, allOrNone === true, answerOne) });
}

const mostNodes = 500;

/** `/composite/graph`: up to 500 calls, all or none of each graph. */
export function answerGraphs(org: Org, call: Call, answerOne: (call: Call) => Answer): Answer {
  const { graphs } = (call.body ?? {}) as { graphs?: { graphId: string; compositeRequest: Subrequest[] }[] };
  const nodes = Array.isArray(graphs) ? graphs.flatMap(({ compositeRequest }) => compositeRequest) : undefined;
  if (!nodes || nodes.length > mostNodes)
    return refuse(400, 'INVALID_INPUT', `graphs must be an array with at most ${mostNodes} nodes`);
  const answered = graphs!.map(({ graphId, compositeRequest }) => {
    const compositeResponse = answersTo(org, call, compositeRequest, true, answerOne);
    return { graphId, graphResponse: { compositeResponse }, isSuccessful: compositeResponse.every(isGood) };
  });
  return ok({ graphs: answered });
}

function answersTo(
  org: Org,
  call: Call,
  requests: readonly Subrequest[],
  allOrNone: boolean,
  answerOne: (call: Call) => Answer,
): Subanswer[] {
  const work = () => {
    const answers: Subanswer[] = [];
    for (const request of requests) answers.push(subanswer(call, request, answers, answerOne));
    return answers;
  };
  const isKept = (answers: readonly Subanswer[]) => !allOrNone || answers.every(isGood);
  const answers = inTransaction(org, work, isKept);
  return isKept(answers) ? answers : answers.map((answer) => (isGood(answer) ? halted(answer) : answer));
}

const isGood = ({ httpStatusCode }: Subanswer): boolean => httpStatusCode < 300;

const halted = ({ referenceId }: Subanswer): Subanswer => ({
  referenceId,
  httpStatusCode: 400,
  httpHeaders: {},
  body: [
    {
      errorCode: 'PROCESSING_HALTED',
      message: 'The transaction was rolled back since another operation in the same transaction failed.',
    },
  ],
});

function subanswer(call: Call, request: Subrequest, before: Subanswer[], answerOne: (call: Call) => Answer): Subanswer {
  const url = new URL(filledIn(request.url, before), 'http://org');
  const { status, body, headers } = answerOne({
    method: request.method,
    path: url.pathname.replace(/^\/services\/data\/v[\d.]+/, ''),
    query: url.searchParams,
    headers: { ...call.headers, ...lowerCased(request.httpHeaders ?? {}) },
    version: call.version,
    body: request.body === undefined ? undefined : JSON.parse(filledIn(JSON.stringify(request.body), before)),
  });
  return {
    referenceId: request.referenceId,
    httpStatusCode: status,
    httpHeaders: headers ?? {},
    body: body ?? null,
  };
}

const lowerCased = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

function filledIn(text: string, before: Subanswer[]): string {
  return text.replace(/@\{(\w+)\.(\w+)\}/g, (whole, id: string, field: string) => {
    const answer = before.find(({ referenceId }) => referenceId === id);
    const value = (answer?.body as Record<string, unknown> | undefined)?.[field];
    return typeof value === 'string' ? value : whole;
  });
}

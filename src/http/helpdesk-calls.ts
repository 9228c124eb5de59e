import { setTimeout as wait } from 'node:timers/promises';
import type { Request, Response } from 'express';
import type { HelpdeskCalls } from '../flows/helpdesk-calls.ts';
import type { HelpdeskCallAnswer, HelpdeskCallRead } from '../helpdesks/called.ts';
import { faultOf } from '../kit/fault.ts';
import type { CallbackAccount } from './callbacks.ts';
import { type DoorParts, note } from './door.ts';
import { problem } from './problem.ts';
import { webhookRequest } from './webhook-request.ts';

export interface HelpdeskCallParts extends Pick<DoorParts, 'metrics' | 'log' | 'watch' | 'publicUrl' | 'forgeries'> {
  helpdesks: readonly CallbackAccount[];
  calls: HelpdeskCalls;
}

/** Requests of helpdesks beside their callbacks: a manifest, an account to connect, a reply handed over, what became of comments. */
export function makeHelpdeskCalls(parts: HelpdeskCallParts) {
  return async (request: Request, response: Response): Promise<void> => {
    const { kind = '', id = '', name = '', key } = request.params as Record<string, string | undefined>;
    const found = parts.helpdesks.find(({ helpdesk, account }) => helpdesk.kind === kind && account.id === id);
    const publicUrl = parts.publicUrl?.replace(/\/+$/, '');
    const call = { name, key, publicUrl, request: webhookRequest(request, parts.publicUrl) };
    const read = found?.helpdesk.readCall?.(call, found.account) ?? 'unknown';
    if (read === 'unknown') return problem(response, 404, 'there is nothing at this address');
    if (read === 'forged') {
      note(parts, kind, 'forged');
      return parts.forgeries.refuse(request, response, 401, 'this address, or what came with it, was not made here');
    }
    if ('malformed' in read) {
      note(parts, kind, 'malformed');
      return problem(response, 400, read.malformed);
    }
    await act(parts, response, id, read);
  };
}

type Proved = Exclude<HelpdeskCallRead, 'unknown' | 'forged' | { malformed: string }>;

async function act(parts: HelpdeskCallParts, response: Response, helpdesk: string, read: Proved): Promise<void> {
  try {
    if ('goTo' in read) return await goTo(parts, response, helpdesk, read.goTo);
    send(response, await answerTo(parts.calls, helpdesk, read));
  } catch (error) {
    if (!parts.watch.saw(error)) parts.log.error('call.not-committed', { helpdesk, ...faultOf(error) });
    // Nothing was kept, or nobody knows: asked again, it is the same one.
    response.set('retry-after', '5');
    problem(response, 503, 'the ledger cannot be written just now; please ask again');
  }
}

async function answerTo(
  calls: HelpdeskCalls,
  helpdesk: string,
  read: Exclude<Proved, { goTo: string }>,
): Promise<HelpdeskCallAnswer> {
  if ('connect' in read) return read.answered(await calls.connectTo(helpdesk, read.connect));
  if ('reply' in read) return read.answered(await soon(calls.takeReply(helpdesk, read.reply)));
  if ('told' in read) await soon(calls.takeTold(helpdesk, read.told));
  return read.answer;
}

/** Whoever asks waits for seconds, while a database that is away lets one wait for long. Milliseconds. */
const mostMs = 4_000;

async function soon<Result>(committed: Promise<Result>): Promise<Result> {
  const ended = new AbortController();
  const tooLate = wait(mostMs, undefined, { signal: ended.signal }).then(() => {
    throw Object.assign(new Error('no commit in time'), { code: 'ETIMEDOUT' });
  });
  try {
    return await Promise.race([committed, tooLate]);
  } finally {
    ended.abort();
    // What is given up here may fail later, which nobody waits for any more.
    void committed.catch(() => undefined);
    void tooLate.catch(() => undefined);
  }
}

/** To the conversation in the console, where whoever comes has to sign in. */
async function goTo({ calls }: HelpdeskCallParts, response: Response, helpdesk: string, marker: string): Promise<void> {
  const conversation = await calls.conversationOf(helpdesk, marker);
  if (conversation === undefined) return problem(response, 404, 'this was not said here, or was forgotten');
  response.redirect(302, `/console/conversations/${conversation}`);
}

function send(response: Response, { status, contentType, body, headers = {} }: HelpdeskCallAnswer): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value === '') response.removeHeader(name);
    else response.set(name, value);
  }
  response.status(status).type(contentType).send(body);
}

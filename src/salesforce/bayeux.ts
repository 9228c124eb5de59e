import { z } from 'zod';
import type { Http, HttpAnswer } from '../kit/http.ts';
import type { Token } from './token.ts';

/** What the server says of a message of ours, or an event of a channel. */
export const bayeuxMessage = z.object({
  channel: z.string(),
  clientId: z.string().optional(),
  successful: z.boolean().optional(),
  error: z.string().optional(),
  subscription: z.unknown().optional(),
  advice: z.object({ reconnect: z.string().optional() }).optional().catch(undefined),
  ext: z
    .object({ sfdc: z.object({ failureReason: z.string() }).optional() })
    .optional()
    .catch(undefined),
  data: z
    .object({
      payload: z.record(z.string(), z.unknown()),
      event: z.object({ replayId: z.number().int() }),
    })
    .optional()
    .catch(undefined),
});
export type BayeuxMessage = z.infer<typeof bayeuxMessage>;

export type Posted =
  | { result: 'answered'; messages: BayeuxMessage[] }
  | { result: 'unauthorized' }
  | { result: 'no-answer'; why: string };

/** Sends messages of the Bayeux protocol and gives the answers; keeps the cookies by which Salesforce knows a client. */
export interface Bayeux {
  post(messages: Record<string, unknown>[], timeoutMs: number, signal: AbortSignal): Promise<Posted>;
}

/** `version` like `62.0` (Streaming API Developer Guide, "Bayeux Protocol, CometD, and Long Polling"). */
export function makeBayeux(http: Http, { instanceUrl, accessToken }: Token, version: string): Bayeux {
  const cookies = new Map<string, string>();
  return {
    post: async (messages, timeoutMs, signal) => {
      const answer = await http.request({
        method: 'POST',
        url: `${instanceUrl}/cometd/${version}`,
        headers: {
          authorization: `Bearer ${accessToken}`,
          'content-type': 'application/json',
          ...(cookies.size > 0 && { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        },
        body: messages,
        timeoutMs,
        signal,
      });
      if (!answer.answered) return { result: 'no-answer', why: answer.why };
      for (const [name, value] of cookiesIn(answer.headers['set-cookie'])) cookies.set(name, value);
      return read(answer);
    },
  };
}

/** Several cookies come joined by commas; a comma also stands in a date, but not before a name and `=`. */
function cookiesIn(header: string | undefined): [string, string][] {
  return (header ?? '').split(/,(?=\s*[\w-]+=)/).flatMap((cookie): [string, string][] => {
    const [, name, value] = /^\s*([\w-]+)=([^;]*)/.exec(cookie) ?? [];
    return name !== undefined && value !== undefined ? [[name, value]] : [];
  });
}

function read(answer: HttpAnswer): Posted {
  if (answer.status === 401) return { result: 'unauthorized' };
  const body = z.array(z.unknown()).safeParse(answer.json());
  // Refusals come with status 400 or 403 as well, and are messages all the same.
  if (!body.success) return { result: 'no-answer', why: `Salesforce answered ${answer.status}` };
  const messages = body.data.flatMap((each) => bayeuxMessage.safeParse(each).data ?? []);
  return { result: 'answered', messages };
}

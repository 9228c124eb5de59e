import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { signedHeaders } from '../../src/sandbox/messenger/webhook-body.ts';
import type { Random } from './random.ts';

/** What stands between the platforms and the replicas: takes turns, and misbehaves as the internet does. */
export interface Front {
  url: string;
  /** From now on webhooks go through as they come. */
  behave(): void;
  /** Repeats that were sent besides, callbacks that were lost, webhooks that went together. */
  readonly did: { repeated: number; lost: number; together: number };
  close(): Promise<void>;
}

interface Webhook {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}
/** No answer: nobody listened, or the one who did died. */
type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer } | 'none';

const messengerPath = '/webhooks/messenger';
/** So long webhooks are gathered that go together. */
const gatherMs = 25;

export async function startFront(ports: readonly number[], appSecret: string, draw: Random, loses: boolean) {
  let wild = true;
  let turn = 0;
  const did = { repeated: 0, lost: 0, together: 0 };
  const pass = (webhook: Webhook) => inTurn(ports, turn++, webhook);
  const gathered = gathering(pass, appSecret, did);

  const carry = async (webhook: Webhook): Promise<Answer> => {
    if (!wild) return pass(webhook);
    const [lost, together, late, again, lateMs, againMs] = [
      draw.chance(0.15),
      draw.chance(0.3),
      draw.chance(0.15),
      draw.chance(0.15),
      draw.whole(20, 300),
      draw.whole(0, 1_500),
    ];
    const fromHelpdesk = !webhook.path.startsWith(messengerPath);
    if (fromHelpdesk && lost && loses) {
      did.lost++;
      return { status: 200, headers: {}, body: Buffer.alloc(0) };
    }
    if (late) await wait(lateMs);
    const answer = await (together && !fromHelpdesk ? gathered(webhook) : pass(webhook));
    if (again) {
      did.repeated++;
      void wait(againMs, undefined, { ref: false }).then(() => pass(webhook));
    }
    return answer;
  };

  const server = createServer(async (asked, response) => {
    const webhook = { path: asked.url ?? '/', headers: asked.headers, body: await bodyOf(asked) };
    reply(response, await carry(webhook));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const front: Front = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    behave: () => {
      wild = false;
    },
    did,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return front;
}

function reply(response: ServerResponse, answer: Answer): void {
  if (answer === 'none') {
    response.destroy();
    return;
  }
  const after = answer.headers['retry-after'];
  response.writeHead(answer.status, after ? { 'retry-after': after } : {}).end(answer.body);
}

/** A connection refused goes to the next; one that breaks is the platform's to try again. */
async function inTurn(ports: readonly number[], turn: number, webhook: Webhook): Promise<Answer> {
  for (let tried = 0; tried < ports.length; tried++) {
    const answer = await post(ports[(turn + tried) % ports.length]!, webhook);
    if (answer !== 'refused') return answer;
  }
  return 'none';
}

function post(port: number, { path, headers, body }: Webhook): Promise<Answer | 'refused'> {
  return new Promise((resolve) => {
    const { host: _host, connection: _connection, 'transfer-encoding': _encoding, ...passed } = headers;
    const length = String(Buffer.byteLength(body));
    const asked = request(
      { host: '127.0.0.1', port, path, method: 'POST', agent: false, headers: { ...passed, 'content-length': length } },
      (answer) => {
        bodyOf(answer).then(
          (text) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.from(text) }),
          () => resolve('none'),
        );
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'none'));
    asked.end(body);
  });
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

/** Meta puts what several pages of an app were told in one webhook when there is much. */
function gathering(pass: (webhook: Webhook) => Promise<Answer>, appSecret: string, did: Front['did']) {
  let waiting: Webhook[] = [];
  let leaving: Promise<Answer> | undefined;
  const leave = async (): Promise<Answer> => {
    await wait(gatherMs);
    const together = waiting;
    waiting = [];
    leaving = undefined;
    if (together.length === 1) return pass(together[0]!);
    did.together += together.length;
    const body = JSON.stringify({
      object: 'page',
      entry: together.flatMap((webhook) => (JSON.parse(webhook.body) as { entry: unknown[] }).entry),
    });
    return pass({ path: messengerPath, headers: signedHeaders(body, appSecret), body });
  };
  return (webhook: Webhook): Promise<Answer> => {
    waiting.push(webhook);
    leaving ??= leave();
    return leaving;
  };
}

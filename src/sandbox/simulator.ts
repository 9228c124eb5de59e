import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express, NextFunction, Request, Response } from 'express';

/**
 * A misbehaviour, injected on demand. `-before`: the request is not acted upon; `-after`: it is, but the caller does not
 * learn it; `-late`: the caller is cut off at once, and after a while it is acted upon all the same. A fault meets the next `times` requests whose method and path match, then is gone.
 */
export interface Fault {
  kind:
    | '429'
    | '500'
    | '503'
    | '500-after'
    | 'slow'
    | 'timeout-before'
    | 'timeout-after'
    | 'reset-before'
    | 'reset-after'
    | 'reset-late'
    | 'expired-token';
  /** GET, POST…; any when absent. */
  method?: string;
  /** Part of the path; any when absent. */
  path?: string;
  times: number;
  /**
   * For `slow`: how long, then answers properly. For timeouts: how long the connection is held. For `reset-late`: after how long
   * it is acted upon. Milliseconds.
   */
  delayMs?: number;
  /** For 429 and 503, in seconds. */
  retryAfter?: number;
}

/** One request a simulator got, kept so that tests and the demo can see what was really called. */
export interface SeenRequest {
  at: Date;
  method: string;
  path: string;
  status: number | 'none';
  ms: number;
}

export interface Simulator {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  inject(fault: Fault): void;
  /** Faults still waiting for a request. */
  faults(): readonly Fault[];
  clearFaults(): void;
  /** Called after anything visible changed; returns the way to stop listening. */
  onChange(listener: () => void): () => void;
  /** Forgets everything it holds, as if new. */
  reset(): void;
  close(): Promise<void>;
}

/** The platform's own error bodies for injected faults. */
export type FaultAnswer = (
  kind: '429' | '500' | '503' | 'expired-token',
  fault: Fault,
) => { status: number; headers?: Record<string, string>; body: unknown };

/** What every simulator shares: a server on a free port (or `port`), the faults, the record of requests, the listeners. */
export async function startSimulator(
  app: Express,
  options: { answer: FaultAnswer; port?: number; reset: () => void; before: (misbehave: Misbehave) => void },
): Promise<Simulator & { changed(): void }> {
  const waiting: Fault[] = [];
  const seen: SeenRequest[] = [];
  const listeners = new Set<() => void>();
  options.before((request, response, next) => {
    record(seen, request, response);
    const fault = take(waiting, request);
    if (fault) misbehave(fault, options.answer, request, response, next);
    else next();
  });
  const server = await listen(app, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: seen,
    inject: (fault) => void waiting.push({ ...fault }),
    faults: () => waiting,
    clearFaults: () => void waiting.splice(0),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    changed: () => {
      for (const listener of listeners) listener();
    },
    reset: () => {
      waiting.splice(0);
      seen.splice(0);
      options.reset();
    },
    close: () => closed(server),
  };
}

/** Express middleware that a simulator puts before its routes. */
export type Misbehave = (request: Request, response: Response, next: NextFunction) => void;

function listen(app: Express, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, '127.0.0.1', (error?: Error) => (error ? reject(error) : resolve(server)));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function record(seen: SeenRequest[], request: Request, response: Response): void {
  const at = new Date();
  response.on('close', () => {
    const status = response.writableFinished ? response.statusCode : 'none';
    seen.push({ at, method: request.method, path: request.path, status, ms: Date.now() - at.getTime() });
    if (seen.length > 10_000) seen.splice(0, 5_000);
  });
}

function take(waiting: Fault[], request: Request): Fault | undefined {
  const fault = waiting.find(
    (f) => (f.method ?? request.method) === request.method && request.path.includes(f.path ?? ''),
  );
  if (fault && --fault.times <= 0) waiting.splice(waiting.indexOf(fault), 1);
  return fault;
}

/** As a queue before the platform does: whoever asked is gone, what they asked is done. The request comes once more, from here. */
async function actLate(request: Request, response: Response, after: number): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>;
  const url = `http://127.0.0.1:${request.socket.localPort}${request.originalUrl}`;
  response.destroy();
  const again = () => fetch(url, { method: request.method, headers, ...(body.length > 0 ? { body } : {}) });
  setTimeout(() => void again().catch(() => undefined), after).unref();
}

function misbehave(fault: Fault, answer: FaultAnswer, request: Request, response: Response, next: NextFunction): void {
  const hold = fault.delayMs ?? 30_000;
  switch (fault.kind) {
    case 'slow':
      setTimeout(next, fault.delayMs ?? 3_000);
      return;
    case 'timeout-before':
      setTimeout(() => response.destroy(), hold).unref();
      return;
    case 'reset-before':
      response.destroy();
      return;
    case 'timeout-after':
      insteadOfAnswering(response, () => setTimeout(() => response.destroy(), hold).unref());
      next();
      return;
    case 'reset-after':
      insteadOfAnswering(response, () => response.destroy());
      next();
      return;
    case 'reset-late':
      void actLate(request, response, fault.delayMs ?? 10_000);
      return;
    case '500-after':
      answerInstead(response, answer('500', fault));
      next();
      return;
    default:
      send(response, answer(fault.kind, fault));
  }
}

/** The route runs and believes it answered; the caller gets whatever `instead` does. */
function insteadOfAnswering(response: Response, instead: () => void): void {
  response.end = () => {
    instead();
    return response;
  };
}

function answerInstead(response: Response, { status, headers, body }: ReturnType<FaultAnswer>): void {
  const end = response.end.bind(response);
  response.end = () => {
    const text = JSON.stringify(body);
    response.statusCode = status;
    response.setHeader('content-type', 'application/json');
    response.setHeader('content-length', Buffer.byteLength(text));
    for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, value);
    return end(text);
  };
}

function send(response: Response, { status, headers, body }: ReturnType<FaultAnswer>): void {
  response
    .status(status)
    .set(headers ?? {})
    .json(body);
}

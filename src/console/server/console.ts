import express, { type NextFunction, type Request, type Response, Router } from 'express';
import { problem } from '../../http/problem.ts';
import type { SignInWays } from '../wire/session.ts';
import { areas } from './areas.ts';
import { makeAttempts } from './attempts.ts';
import { builtApp } from './built-app.ts';
import type { Person } from './endpoint.ts';
import { makeLive } from './live.ts';
import { makeOidc } from './oidc.ts';
import type { ConsoleParts } from './parts.ts';
import { onlyOwnPages } from './same-site.ts';
import { serve } from './serve.ts';
import { makeSessions, type Sessions } from './sessions.ts';
import { signInByPassword } from './sign-in.ts';
import { mountOidc } from './sign-in-oidc.ts';
import { signedIn } from './signed-in.ts';

export interface ConsoleService {
  /** To be mounted at `/console`. */
  router: Router;
  close(): void;
}

/** The admin pages and what they ask, under `/console`. */
export function makeConsole(parts: ConsoleParts): ConsoleService {
  const live = makeLive(parts.db);
  const router = Router();
  router.use('/api', makeConsoleApi(parts, live));
  router.use(builtApp(parts.builtIn));
  return { router, close: live.close };
}

function makeConsoleApi(parts: ConsoleParts, live: ReturnType<typeof makeLive>): Router {
  const { db, now, publicUrl } = parts;
  const sessions = makeSessions(db, now);
  const api = Router();
  api.use((_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  api.use(onlyOwnPages(publicUrl), express.json({ limit: '1mb' }));
  const ways: SignInWays = { password: true, oidc: parts.oidc?.label ?? null };
  api.get('/ways', (_request, response) => void response.json(ways));
  if (parts.oidc && publicUrl) mountOidc(api, { db, sessions, oidc: makeOidc(parts.oidc, publicUrl, parts.log) });
  api.post('/session', signInByPassword({ db, sessions, attempts: makeAttempts(db) }));
  api.use(onlySignedIn(sessions));
  mountSession(api, sessions);
  api.get('/live', (request, response) =>
    live.listen(request, response, async () => (await sessions.personOf(request)) !== undefined),
  );
  for (const each of areas.flatMap((area) => area(parts))) {
    api[each.method](each.path, (request, response) => serve(each, personIn(response), now(), request, response));
  }
  api.use((request, response) => problem(response, 404, `the console knows nothing of ${request.path}`));
  return api;
}

const personIn = (response: Response): Person => response.locals['person'] as Person;

const onlySignedIn = (sessions: Sessions) => async (request: Request, response: Response, next: NextFunction) => {
  const person = await sessions.personOf(request);
  if (!person) return problem(response, 401, 'sign in first');
  response.locals['person'] = person;
  next();
};

function mountSession(api: Router, sessions: Sessions): void {
  api.get('/session', (_request, response) => void response.json(signedIn(personIn(response))));
  api.delete('/session', async (request, response) => {
    await sessions.end(request, response, personIn(response));
    response.status(204).end();
  });
  api.delete('/sessions', async (request, response) => {
    await sessions.endAll(request, response, personIn(response));
    response.status(204).end();
  });
}

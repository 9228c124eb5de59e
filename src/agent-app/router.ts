import express, { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { blockCustomer } from '../flows/blocked.ts';
import { makeFailedChecks } from '../http/failed-checks.ts';
import { problem } from '../http/problem.ts';
import { whoAsks } from './asked.ts';
import { decideLink, linkWish } from './links.ts';
import { type AgentAppParts, type Answer, type Asked, fine } from './parts.ts';
import { saySaying } from './said.ts';
import { makeTemplateList, sendTemplate, templatesFor } from './templates.ts';
import { ticketView } from './ticket-view.ts';

/** Zendesk asks for all agents from a few addresses, so a real app must not be held up by one that is set up wrongly. */
const forgeriesPerMinute = 600;

const key = z.string().regex(/^[\w-]{16,64}$/, 'not a key');
const sayWish = z.strictObject({ key, id: z.string().max(40), text: z.string().max(20_000) });
const templateWish = z.strictObject({
  key,
  name: z.string().max(512),
  language: z.string().max(20),
  parameters: z.array(z.string().trim().min(1, 'a blank was left').max(1_024)).max(30),
});

const blockWish = z.strictObject({ blocked: z.boolean(), spam: z.boolean().default(false) });

/** What the app beside a ticket asks, below `/agent-app/{helpdesk}/tickets/{number}`. */
export function makeAgentApp(parts: AgentAppParts): Router {
  const templates = makeTemplateList(parts);
  const forgeries = makeFailedChecks(forgeriesPerMinute);
  const router = Router();
  router.use(express.json({ limit: '64kb' }));
  const on = <Body>(
    method: 'get' | 'post',
    path: string,
    body: z.ZodType<Body>,
    handle: (asked: Asked, body: Body) => Promise<Answer>,
  ) =>
    router[method](`/:helpdesk/tickets/:ticket${path}`, async (request: Request, response: Response) => {
      response.set('cache-control', 'no-store');
      const asked = await whoAsks(parts, forgeries, request, response);
      if (!asked) return;
      const read = body.safeParse(request.body ?? {});
      if (!read.success) return problem(response, 400, mistakeIn(read.error));
      answer(response, await handle(asked, read.data));
    });
  on('get', '', z.unknown(), async (asked) => fine(await ticketView(parts, asked)));
  on('get', '/templates', z.unknown(), (asked) => templatesFor(templates, asked));
  on('post', '/say', sayWish, (asked, wish) => saySaying(parts, asked, wish));
  on('post', '/template', templateWish, (asked, wish) => sendTemplate(parts, templates, asked, wish));
  on('post', '/links', linkWish, (asked, wish) => decideLink(parts, asked, wish));
  on('post', '/block', blockWish, async (asked, { blocked, spam }) => {
    const wish = { blocked, spam, who: asked.who, name: asked.call.agentName };
    return fine({ news: await blockCustomer(parts.world, asked, wish) });
  });
  return router;
}

/** The first mistake by its place, never with its value. */
function mistakeIn({ issues: [first] }: z.ZodError): string {
  return `${['body', ...(first?.path ?? [])].join('.')}: ${first?.message ?? 'not right'}`;
}

function answer(response: Response, given: Answer): void {
  if ('body' in given) response.status(given.status).json(given.body);
  else response.status(given.status).json({ because: given.because, detail: given.detail });
}

import type { Request, Response } from 'express';
import type { Sections } from './sections.ts';

/** Tells every open page what changed, section by section, at most ten times a second. */
export interface Live {
  join(request: Request, response: Response): void;
  changed(): void;
  close(): void;
}

const pause = 100;

export function makeLive(read: () => Sections): Live {
  const pages = new Map<Response, Partial<Sections>>();
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    timer = undefined;
    const now = read();
    for (const [page, known] of pages) sendNews(page, known, now);
  };
  return {
    join: (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      const known: Partial<Sections> = {};
      pages.set(response, known);
      request.on('close', () => pages.delete(response));
      sendNews(response, known, read());
    },
    changed: () => {
      if (pages.size > 0) timer ??= setTimeout(tell, pause);
    },
    close: () => {
      clearTimeout(timer);
      for (const page of pages.keys()) page.end();
    },
  };
}

function sendNews(page: Response, known: Partial<Sections>, now: Sections): void {
  for (const name of Object.keys(now) as (keyof Sections)[]) {
    if (known[name] === now[name]) continue;
    known[name] = now[name];
    page.write(`event: ${name}\ndata: ${now[name]}\n\n`);
  }
}

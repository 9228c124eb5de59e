import type { Express } from 'express';
import type { StoredFile, World } from './state.ts';

const day = 86_400;

/** A signed link that names its end, like those of Meta's content network. */
export function linkTo(world: World, file: StoredFile): string {
  const ends = Math.floor(Date.now() / 1000) + day;
  const name = encodeURIComponent(file.name);
  return `${world.url}/media/${file.id}/${name}?oh=${file.signature}&oe=${ends.toString(16).toUpperCase()}`;
}

export function serveMedia(app: Express, world: World): void {
  app.get('/media/:id/:name', (request, response) => {
    const file = world.state.files.get(request.params.id);
    const ends = Number.parseInt(String(request.query['oe']), 16);
    if (!file || request.query['oh'] !== file.signature) response.status(403).type('text/plain').send('Bad URL hash');
    else if (!(ends * 1000 > Date.now())) response.status(403).type('text/plain').send('URL signature expired');
    else response.status(200).set('content-type', file.contentType).send(file.bytes);
  });
}

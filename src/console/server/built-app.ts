import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import express, { type Response, Router } from 'express';
import { problem } from '../../http/problem.ts';

const year = 365 * 24 * 3_600_000;
const noncePlace = '__NONCE__';

/**
 * The built pages. Assets carry a hash in their names and are kept by browsers for a year; every other path below `/console` is
 * a page of the app, whose one HTML is never kept.
 */
export function builtApp(folder: string): Router {
  const router = Router();
  router.use('/assets', express.static(join(folder, 'assets'), { maxAge: year, immutable: true, index: false }));
  router.use('/assets', (_request, response) => problem(response, 404, 'there is no such file; load the page again'));
  router.use(express.static(folder, { index: false, maxAge: 3_600_000, redirect: false, extensions: false }));
  router.get('/{*page}', (_request, response) => sendPage(folder, response));
  router.use((_request, response) => problem(response, 405, 'pages can only be read'));
  return router;
}

function sendPage(folder: string, response: Response): void {
  const file = join(folder, 'index.html');
  if (!existsSync(file)) {
    notBuilt(response);
    return;
  }
  const nonce = randomBytes(16).toString('base64');
  response.set({ 'content-security-policy': policy(nonce), 'cache-control': 'no-store' });
  response.type('html').send(readFileSync(file, 'utf8').replaceAll(noncePlace, nonce));
}

const notBuilt = (response: Response): void =>
  problem(response, 503, 'the console is not built; run "npm run build" where the service is installed');

/** Scripts only from the built files; styles from them, and those that the pages make while they run, which carry the nonce. */
const policy = (nonce: string): string =>
  [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: blob: https:`,
    `font-src 'self'`,
    `connect-src 'self'`,
    `worker-src 'self'`,
    `manifest-src 'self'`,
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');

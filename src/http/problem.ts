import { STATUS_CODES } from 'node:http';
import type { Response } from 'express';

/** Answers with an error a program and a person can read (RFC 9457). `detail` never holds a body or a secret; `field` says which part of the request is wrong. */
export function problem(response: Response, status: number, detail: string, field?: string): void {
  const title = STATUS_CODES[status] ?? 'Error';
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, detail, field }));
}

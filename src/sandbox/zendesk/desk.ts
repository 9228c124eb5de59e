import type { Request } from 'express';
import type { ZendeskSimulatorOptions } from '../contract.ts';
import type { Answer } from './answer.ts';
import type { Callbacks } from './callbacks.ts';
import type { ZendeskLimits } from './limits.ts';
import type { State } from './state.ts';

/** What the routes share. */
export interface Desk {
  state: State;
  options: ZendeskSimulatorOptions;
  limits: ZendeskLimits;
  /** Whether the incremental export leaves out the last minute, as the real one does. */
  exportLags: boolean;
  /** Tickets on a page of it. */
  exportPage: number;
  /** Whether words may be taken out of comments: the Agent Workspace is on and the user may. */
  mayRedact: boolean;
  /** `http://127.0.0.1:PORT`; known once it listens. */
  url(): string;
  callbacks: Callbacks;
  /** Something visible changed. */
  changed(): void;
}

export type Handler = (desk: Desk, request: Request) => Answer | Promise<Answer>;

export type Route = [method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, handler: Handler];

/** The number in a path: `12` and `12.json` alike; NaN when there is none. */
export const numberIn = (request: Request, name = 'id'): number => Number.parseInt(String(request.params[name]), 10);

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands under `key` in a JSON body: `{ticket: {…}}`. */
export function fieldsIn(request: Request, key: string): Fields | undefined {
  const body: unknown = request.body;
  const value = isFields(body) ? body[key] : undefined;
  return isFields(value) ? value : undefined;
}

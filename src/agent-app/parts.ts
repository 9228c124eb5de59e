import type { AgentPlace } from '../flows/agent-says.ts';
import type { Operations } from '../flows/operations.ts';
import type { World } from '../flows/world.ts';
import type { AppCall, Helpdesk, HelpdeskAccount } from '../helpdesks/helpdesk.ts';

/** What the app beside the ticket works with. */
export interface AgentAppParts {
  world: Pick<World, 'db' | 'queue' | 'policy' | 'tools' | 'channels' | 'helpdesks' | 'crms' | 'mapping'>;
  operations: Operations;
  /** The configured helpdesks: they tell who asks. */
  desks: readonly { helpdesk: Helpdesk; account: HelpdeskAccount }[];
}

/** Who asks, about what. */
export interface Asked extends AgentPlace {
  call: AppCall;
  /** For the audit. */
  who: string;
}

/** `detail` is for people and holds no words of a customer. */
export type Answer = { status: 200; body: unknown } | { status: 404 | 409 | 503; because: string; detail: string };

export const fine = (body: unknown): Answer => ({ status: 200, body });

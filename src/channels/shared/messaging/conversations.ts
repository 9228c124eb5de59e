import type { Trouble } from '../../../domain/outcome.ts';
import type { GraphAnswer, GraphCall } from '../graph/client.ts';
import type { ErrorTable } from '../graph/error-rules.ts';
import { type NoSuccess, troubleOfHarmless } from '../graph/trouble.ts';
import type { Dialect } from './receive-messaging.ts';

/** Where the Conversations API shows a business its threads, and how they are read. */
export interface Conversations {
  path: string;
  platform: 'messenger' | 'instagram';
  /** Who the business is in them. */
  business: string;
  dialect: Dialect;
  errors: ErrorTable;
  ask(call: GraphCall): Promise<GraphAnswer>;
}

export const troubleWith = (answer: NoSuccess, { errors }: Conversations): Trouble => troubleOfHarmless(answer, errors);

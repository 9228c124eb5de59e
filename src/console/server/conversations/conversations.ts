import type { Endpoint } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { listEndpoints } from './list.ts';
import { threadEndpoints } from './thread.ts';

export const conversationEndpoints = (parts: ConsoleParts): Endpoint[] => [
  ...listEndpoints(parts),
  ...threadEndpoints(parts),
];

import type { Endpoint } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { noticeListEndpoints } from './list.ts';
import { orderEndpoints } from './orders.ts';
import { textEndpoints } from './texts.ts';

/** What customers are told, the texts of it, and the orders it is about. */
export const noticeEndpoints = (parts: ConsoleParts): Endpoint[] => [
  ...noticeListEndpoints(parts),
  ...textEndpoints(parts),
  ...orderEndpoints(parts),
];

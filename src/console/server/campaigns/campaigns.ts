import type { Endpoint } from '../endpoint.ts';
import type { ConsoleParts } from '../parts.ts';
import { campaignActEndpoints } from './acts.ts';
import { campaignReadEndpoints } from './reading.ts';

/** Campaigns, by the same flows as `/v1/campaigns` and `passerelle campaigns`. */
export const campaignEndpoints = (parts: ConsoleParts): Endpoint[] => [
  ...campaignReadEndpoints(parts),
  ...campaignActEndpoints(parts),
];

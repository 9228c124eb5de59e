import type { ApiUse } from '../../../domain/retirements.ts';

/** What Meta may give up: the version of the Graph API, and the tag under which people answer late. */
export const graphUses = ({ apiVersion, humanAgent }: { apiVersion: string; humanAgent?: boolean }): ApiUse[] => [
  { api: 'Graph API', version: apiVersion, setting: 'apiVersion' },
  ...(humanAgent ? [{ api: 'Meta message tags', version: 'HUMAN_AGENT', setting: 'humanAgent' }] : []),
];

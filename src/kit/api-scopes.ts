/** What an API key may be allowed to do. The shop's calls and the operator's. */
export const apiScopes = [
  'orders',
  'consents',
  'links',
  'parked:read',
  'parked:write',
  'replay',
  'redact',
  'text:read',
  'mapping:read',
  'mapping:write',
  'customers:read',
  'customers:write',
  'campaigns:read',
  'campaigns:write',
  'campaigns:approve',
  'privacy',
] as const;
export type ApiScope = (typeof apiScopes)[number];

/** What an API key may be allowed to do. The shop's calls and the operator's. */
export const apiScopes = [
  ...(['orders', 'consents', 'links'] as const),
  ...(['parked:read', 'parked:write', 'replay', 'text:read'] as const),
  ...(['mapping:read', 'mapping:write'] as const),
] as const;
export type ApiScope = (typeof apiScopes)[number];

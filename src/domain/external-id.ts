/** How a customer is named to the helpdesk and the CRM: `{kind}:{account id}:{platform user id}`. Never changes. */
export const externalIdOf = (kind: string, account: string, platformUser: string): string =>
  `${kind}:${account}:${platformUser}`;

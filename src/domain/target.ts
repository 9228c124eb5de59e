/** Where something has to arrive: a configured account, by what it is. Used in rows, metrics and logs. */
export type Target = `helpdesk:${string}` | `crm:${string}` | `channel:${string}`;

export const helpdeskTarget = (id: string): Target => `helpdesk:${id}`;
export const crmTarget = (id: string): Target => `crm:${id}`;
export const channelTarget = (id: string): Target => `channel:${id}`;

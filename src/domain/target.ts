/** Where something has to arrive: a configured account, by what it is. Used in rows, metrics and logs. */
export type Target = `helpdesk:${string}` | `crm:${string}` | `channel:${string}` | `shop:${string}`;

export const helpdeskTarget = (id: string): Target => `helpdesk:${id}`;
export const crmTarget = (id: string): Target => `crm:${id}`;
/** An address of the shop's that is told of what happens. */
export const shopTarget = (id: string): Target => `shop:${id}`;
export const channelTarget = (id: string): Target => `channel:${id}`;

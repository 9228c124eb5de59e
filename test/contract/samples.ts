import type { z } from 'zod';

/** Good settings of each kind of helpdesk and CRM, for what the contract tests ask of an account. A new kind adds its own. */
export const sampleAccounts: Readonly<Record<string, Record<string, unknown>>> = {
  zendesk: {
    id: 'acme-zendesk',
    kind: 'zendesk',
    url: 'https://acme.zendesk.com',
    clientId: 'client',
    clientSecret: 'CANARY-client-secret',
    webhookSecret: 'CANARY-webhook-secret',
  },
  salesforce: {
    id: 'acme-salesforce',
    kind: 'salesforce',
    loginUrl: 'https://acme.my.salesforce.com',
    clientId: 'client',
    clientSecret: 'CANARY-client-secret',
  },
};

interface Described {
  description?: string;
  shape?: Record<string, Described>;
}

/** The fields of an account's schema that say nothing of themselves: the configuration's reference page needs words. */
export function fieldsWithoutWords(schema: z.ZodType): string[] {
  const { shape } = schema as unknown as Described;
  if (!shape) throw new Error('the account is no object schema');
  return Object.entries(shape)
    .filter(([, field]) => !field.description)
    .map(([name]) => name);
}

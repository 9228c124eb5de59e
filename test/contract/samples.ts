import type { z } from 'zod';

const salesforce = {
  id: 'acme-salesforce',
  kind: 'salesforce',
  loginUrl: 'https://acme.my.salesforce.com',
  clientId: 'client',
  clientSecret: 'CANARY-client-secret',
};

/** Good settings of each kind of helpdesk, for what the contract tests ask of an account. A new kind adds its own. */
export const sampleHelpdesks: Readonly<Record<string, Record<string, unknown>>> = {
  salesforce: { ...salesforce, webhookSecret: 'CANARY-webhook-secret' },
  zendesk: {
    id: 'acme-zendesk',
    kind: 'zendesk',
    url: 'https://acme.zendesk.com',
    clientId: 'client',
    clientSecret: 'CANARY-client-secret',
    webhookSecret: 'CANARY-webhook-secret',
  },
};

/** The same for CRMs. */
export const sampleCrms: Readonly<Record<string, Record<string, unknown>>> = { salesforce };

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

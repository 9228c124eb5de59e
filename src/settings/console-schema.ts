import { z } from 'zod';
import { Secret } from '../kit/secret.ts';

const secret = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

const admin = z.strictObject({
  email: z.email().describe('the admin’s e-mail address'),
  password: secret.describe('the admin’s password, 12 letters or more, from a variable'),
});

const values = z.array(z.string().min(1)).optional();

const oidc = z.strictObject({
  issuer: z
    .url({ protocol: /^https?$/, error: 'not a web address (http or https)' })
    .describe('the provider, such as https://login.acme.example: where /.well-known/openid-configuration is'),
  clientId: z.string().min(1).describe('the id of this client at the provider'),
  clientSecret: secret.describe('the secret of this client, from a variable'),
  label: z.string().min(1).max(60).default('Sign in with your company').describe('what the button says'),
  scopes: z.string().min(1).default('openid email profile').describe('what the provider is asked for'),
  roleClaim: z.string().min(1).optional().describe('the claim that tells the role, such as groups'),
  roles: z
    .strictObject({
      viewer: values.describe('values of the claim that make a viewer'),
      operator: values.describe('values of the claim that make an operator'),
      admin: values.describe('values of the claim that make an admin'),
    })
    .default({})
    .describe('for each role the values of the claim that give it'),
  defaultRole: z
    .enum(['viewer', 'operator', 'admin'])
    .optional()
    .describe('the role of whoever has none of these values; without it they are not let in'),
  allowedDomains: z.array(z.string().min(1)).default([]).describe('let in only e-mail addresses of these domains'),
});

/** Who signs in to the console. Further users are added by the command line. */
export const consoleSettings = z
  .strictObject({ admins: z.array(admin).default([]), oidc: oidc.optional() })
  .refine(({ oidc }) => !oidc || oidc.defaultRole !== undefined || oidc.roleClaim !== undefined, {
    error: 'oidc needs a roleClaim with roles, or a defaultRole: else nobody would be let in',
  })
  .prefault({});

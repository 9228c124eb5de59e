import type { Request, Response } from 'express';
import * as client from 'openid-client';
import { type Role, roles } from '../../domain/console-role.ts';
import type { Log } from '../../kit/log.ts';
import type { Secret } from '../../kit/secret.ts';
import { cookieIn, dropCookie, setCookie } from './cookies.ts';

/** The company's own sign-in, as the configuration describes it. */
export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: Secret;
  /** What the button says. */
  label: string;
  scopes: string;
  /** The claim that says what somebody may; its values are compared with `roles`. */
  roleClaim?: string | undefined;
  /** Which value of the claim gives which role. */
  roles: Partial<Record<Role, string[] | undefined>>;
  /** For whoever has none of these; without it they do not get in. */
  defaultRole?: Role | undefined;
  /** Only e-mail addresses of these domains; empty: all that the provider vouches for. */
  allowedDomains: string[];
}

/** Whom the provider vouches for. */
export interface Vouched {
  /** The provider's own id for the person, with the provider's name. */
  subject: string;
  email: string;
  name: string | undefined;
  role: Role;
}

export interface Oidc {
  /** Sends the browser to the provider. */
  start(request: Request, response: Response): Promise<void>;
  /** Takes the browser back in. A text says why it is not let in. */
  finish(request: Request, response: Response): Promise<Vouched | string>;
}

const cookie = 'passerelle_oidc';
const minutes = 10;

/** Authorization code with PKCE, state and nonce; all three are kept in the browser until it comes back. */
export function makeOidc(settings: OidcSettings, publicUrl: string, log: Log): Oidc {
  const redirect = `${publicUrl.replace(/\/+$/, '')}/console/api/oidc/callback`;
  const provider = discovered(settings);
  return {
    start: async (request, response) => {
      const verifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const url = client.buildAuthorizationUrl(await provider(), {
        ...{ redirect_uri: redirect, scope: settings.scopes, state, nonce },
        ...{ code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' },
      });
      // Not strict: the browser comes back from another site.
      setCookie(request, response, cookie, [verifier, state, nonce].join('.'), {
        sameSite: 'lax',
        maxAge: minutes * 60_000,
      });
      response.redirect(url.href);
    },
    finish: async (request, response) => {
      const [verifier, state, nonce] = (cookieIn(request, cookie) ?? '').split('.');
      dropCookie(request, response, cookie);
      if (!verifier || !state || !nonce) return 'the sign-in took too long, or was begun in another browser; try again';
      const came = new URL(redirect);
      came.search = request.url.split('?')[1] ?? '';
      try {
        const tokens = await client.authorizationCodeGrant(await provider(), came, {
          ...{ pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true },
        });
        return vouched(settings, (tokens.claims() ?? {}) as Claims);
      } catch (error) {
        log.warn('console.oidc-refused', { why: error instanceof Error ? error.message : String(error) });
        return 'the provider did not vouch for you; try again, or ask an admin';
      }
    },
  };
}

/** Asked for when first needed, and again after a failure: the provider may be away when the service starts. */
function discovered({ issuer, clientId, clientSecret }: OidcSettings): () => Promise<client.Configuration> {
  let known: Promise<client.Configuration> | undefined;
  // A provider on this machine is a simulator.
  const insecure = /^http:\/\/(?:127\.0\.0\.1|localhost)[:/]/.test(`${issuer}/`);
  return () => {
    known ??= client
      .discovery(new URL(issuer), clientId, clientSecret.reveal(), undefined, {
        ...(insecure && { execute: [client.allowInsecureRequests] }),
        timeout: 10,
      })
      .catch((error: unknown) => {
        known = undefined;
        throw error;
      });
    return known;
  };
}

type Claims = Record<string, unknown>;

/** Whom the claims speak of, or why they are not let in. */
export function vouched(settings: OidcSettings, claims: Claims): Vouched | string {
  const { sub, email, email_verified: verified, name } = claims;
  if (typeof sub !== 'string' || typeof email !== 'string') return 'the provider tells no e-mail address of yours';
  if (verified === false) return 'the provider has not verified your e-mail address';
  const domain = email.split('@').at(-1)!.toLowerCase();
  const { allowedDomains } = settings;
  if (allowedDomains.length > 0 && !allowedDomains.some((each) => each.toLowerCase() === domain))
    return `addresses of ${domain} are not let in here`;
  const role = roleOf(settings, claims);
  if (!role) return 'the provider gives you no role here; ask an admin';
  return { subject: `${settings.issuer}#${sub}`, email, name: typeof name === 'string' ? name : undefined, role };
}

/** The highest that one of the claim's values gives. */
function roleOf({ roleClaim, roles: given, defaultRole }: OidcSettings, claims: Claims): Role | undefined {
  const claimed = roleClaim === undefined ? [] : [claims[roleClaim]].flat().map(String);
  const found = roles.toReversed().find((role) => given[role]?.some((value) => claimed.includes(value)));
  return found ?? defaultRole;
}

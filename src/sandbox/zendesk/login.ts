import { randomBytes } from 'node:crypto';
import type { Request } from 'express';
import type { ZendeskSimulatorOptions } from '../contract.ts';
import { type Answer, invalidToken, ok, unauthorized } from './answer.ts';
import { now, type State } from './state.ts';

/** `POST /oauth/tokens`. Tokens last 30 minutes, or as asked between 300 and 172,800 seconds. */
export function giveToken(state: State, options: ZendeskSimulatorOptions, request: Request): Answer {
  const body = (request.body ?? {}) as Record<string, unknown>;
  if (body['grant_type'] !== 'client_credentials') {
    return oauthError(400, 'unsupported_grant_type', 'The authorization grant type is not supported.');
  }
  if (body['client_id'] !== options.clientId || body['client_secret'] !== options.clientSecret) {
    return oauthError(401, 'invalid_client', 'Client authentication failed.');
  }
  const life = Number(body['expires_in'] ?? 1_800);
  if (!(life > 300 && life < 172_800)) return oauthError(400, 'invalid_request', 'expires_in is out of range.');
  const token = randomBytes(24).toString('hex');
  state.tokens.set(token, { expiresAt: now(state).getTime() + life * 1000, revoked: false });
  return ok({ access_token: token, token_type: 'bearer', scope: body['scope'] ?? 'read', expires_in: life });
}

const oauthError = (status: number, error: string, error_description: string): Answer => ({
  status,
  body: { error, error_description },
});

/** The refusal of a request without a right login, or undefined. Every right login acts as the service's own user. */
export function refuseLogin(state: State, options: ZendeskSimulatorOptions, request: Request): Answer | undefined {
  const [scheme, value = ''] = (request.headers.authorization ?? '').split(' ');
  if (scheme === 'Bearer') return isGoodToken(state, options, value) ? undefined : invalidToken;
  if (scheme !== 'Basic' || !options.apiToken) return unauthorized;
  const { email, token } = options.apiToken;
  return Buffer.from(value, 'base64').toString() === `${email}/token:${token}` ? undefined : unauthorized;
}

function isGoodToken(state: State, options: ZendeskSimulatorOptions, value: string): boolean {
  // The Channel framework's own token.
  if (state.framework?.token === value) return true;
  if (options.accessToken && value === options.accessToken) return !state.fixedTokensExpired;
  const token = state.tokens.get(value);
  return token !== undefined && !token.revoked && now(state).getTime() < token.expiresAt;
}

/** What a route answers. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const created = (body: unknown, headers: Record<string, string> = {}): Answer => ({
  status: 201,
  body,
  headers,
});
export const noContent: Answer = { status: 204 };

export const notFound: Answer = { status: 404, body: { error: 'RecordNotFound', description: 'Not found' } };
export const noSuchEndpoint: Answer = { status: 404, body: { error: 'InvalidEndpoint', description: 'Not found' } };

export const forbidden: Answer = {
  status: 403,
  body: {
    error: 'Forbidden',
    description:
      'You do not have access to this page. Please contact the account owner of this help desk for further help.',
  },
};

export const unauthorized: Answer = {
  status: 401,
  headers: { 'www-authenticate': 'Basic realm="Web Password"' },
  body: { error: "Couldn't authenticate you" },
};

export const invalidToken: Answer = {
  status: 401,
  headers: { 'www-authenticate': 'Bearer realm="api"' },
  body: {
    error: 'invalid_token',
    error_description: 'The access token provided is expired, revoked, malformed or invalid for other reasons.',
  },
};

export const badRequest = (error: string, description: string): Answer => ({
  status: 400,
  body: { error, description },
});

export const unprocessable = (error: string, description: string): Answer => ({
  status: 422,
  body: { error, description },
});

/** 422 about fields: `{ status: ['Status: closed prevents ticket update'] }`; a second element is the complaint's code. */
export function invalid(fields: Record<string, [description: string, code?: string]>): Answer {
  const details = Object.entries(fields).map(([field, [description, error]]) => [
    field,
    [{ description, ...(error && { error }) }],
  ]);
  return {
    status: 422,
    body: { error: 'RecordInvalid', description: 'Record validation errors', details: Object.fromEntries(details) },
  };
}

/** The real one's answer to any update of a closed ticket. */
export const closedRefusal = invalid({ status: ['Status: closed prevents ticket update'] });

export const tooManyRequests = (
  seconds: number,
  what = 'Number of allowed API requests per minute exceeded',
): Answer => ({
  status: 429,
  headers: { 'retry-after': String(seconds) },
  body: { error: 'APIRateLimitExceeded', description: what },
});

/** One REST call, by its path below the version's root (`/sobjects/Task`). */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Names in lower case. */
  headers: Record<string, string | undefined>;
  body: unknown;
  /** `62.0` */
  version: string;
}

export interface Answer {
  status: number;
  body?: unknown;
  /** In place of a body: a file. */
  bytes?: Buffer;
  headers?: Record<string, string>;
}

export interface ApiError {
  message: string;
  errorCode: string;
  fields?: string[];
  duplicateResult?: unknown;
}

export const ok = (body: unknown, status = 200): Answer => ({ status, body });

/** An error in the shape of the REST API: an array, even of one. */
export const refuse = (status: number, errorCode: string, message: string, fields?: string[]): Answer =>
  refuseWith(status, { message, errorCode, ...(fields ? { fields } : {}) });

export const refuseWith = (status: number, ...errors: ApiError[]): Answer => ({ status, body: errors });

export const notThere = (): Answer => refuse(404, 'NOT_FOUND', 'The requested resource does not exist');
export const expired = (): Answer => refuse(401, 'INVALID_SESSION_ID', 'Session expired or invalid');

/** The errors of a refusal; none of an answer that is no refusal. */
export const errorsOf = (answer: Answer): ApiError[] =>
  answer.status >= 400 && Array.isArray(answer.body) ? (answer.body as ApiError[]) : [];

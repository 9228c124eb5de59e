import type { Place, ZafClient, ZafRequest } from './zaf.ts';

/** Why an answer could not be had: the service's own word, `refused` for a wrong secret, `unreachable` for silence. */
export class Trouble extends Error {
  readonly because: string;
  readonly detail: string;
  constructor(because: string, detail = '') {
    super(because);
    this.because = because;
    this.detail = detail;
  }
}

export interface Service {
  get<Answer>(path: string): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
}

/** A token holds this long. Seconds. */
const expiry = 120;
/** Milliseconds; the proxy itself waits longer. */
const patience = 20_000;

/** Asks the service by Zendesk's proxy, which signs who asks about which ticket. */
export function serviceOf(client: ZafClient, { serviceUrl, helpdesk, ticket, agent }: Place): Service {
  const ask = async <Answer>(type: ZafRequest['type'], path: string, body?: unknown): Promise<Answer> => {
    const options: ZafRequest = {
      url: `${serviceUrl}/agent-app/${encodeURIComponent(helpdesk)}/tickets/${encodeURIComponent(ticket)}${path}`,
      ...{ type, contentType: 'application/json', dataType: 'json', secure: true },
      ...(body === undefined ? {} : { data: JSON.stringify(body) }),
      headers: { Authorization: 'Bearer {{jwt.token}}' },
      jwt: {
        algorithm: 'HS256',
        secret_key: '{{setting.appSecret}}',
        expiry,
        claims: { aud: `passerelle:${helpdesk}`, agent: agent.id, agentName: agent.name, ticket },
      },
    };
    try {
      return (await inTime(client.request(options))) as Answer;
    } catch (error) {
      throw error instanceof Trouble ? error : troubleOf(error);
    }
  };
  return { get: (path) => ask('GET', path), post: (path, body) => ask('POST', path, body) };
}

function inTime<Value>(asked: Promise<Value>): Promise<Value> {
  const late = new Promise<never>((_, refuse) => setTimeout(() => refuse(new Trouble('unreachable')), patience));
  return Promise.race([asked, late]);
}

/** The framework rejects with what jQuery calls an XHR. */
function troubleOf(error: unknown): Trouble {
  const { status = 0, responseText = '' } = (error ?? {}) as { status?: number; responseText?: string };
  const { because, detail } = parsed(responseText);
  if (because) return new Trouble(because, detail);
  if (status === 401 || status === 403) return new Trouble('refused');
  return status === 0 || status >= 500 ? new Trouble('unreachable') : new Trouble('failed', detail);
}

function parsed(text: string): { because?: string; detail?: string } {
  try {
    const { because, detail } = JSON.parse(text) as Record<string, unknown>;
    return {
      ...(typeof because === 'string' ? { because } : {}),
      ...(typeof detail === 'string' ? { detail } : {}),
    };
  } catch {
    return {};
  }
}

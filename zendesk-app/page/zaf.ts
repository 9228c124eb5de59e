/** What the app uses of Zendesk's framework (ZAF v2, "Client API"). */
export interface ZafClient {
  metadata(): Promise<{ settings: Record<string, string | undefined> }>;
  get(paths: string[]): Promise<Record<string, unknown>>;
  invoke(name: string, value: unknown): Promise<unknown>;
  on(event: string, handler: (data: unknown) => void): void;
  request(options: ZafRequest): Promise<unknown>;
}

/** `secure`: by Zendesk's proxy, which alone knows the settings in double braces and makes the token. */
export interface ZafRequest {
  url: string;
  type: 'GET' | 'POST';
  contentType: 'application/json';
  dataType: 'json';
  data?: string;
  headers: Record<string, string>;
  secure: true;
  jwt: { algorithm: 'HS256'; secret_key: string; expiry: number; claims: Record<string, string> };
}

declare global {
  interface Window {
    /** Put there by the framework's script; missing where that was not loaded. */
    ZAFClient?: { init(): ZafClient | false };
  }
}

/** Where the app is, and who uses it. */
export interface Place {
  serviceUrl: string;
  helpdesk: string;
  ticket: string;
  agent: { id: string; name: string; locale: string };
}

/** Asks the framework where the app is. Throws where a setting is missing, which only happens beside no Zendesk. */
export async function placeOf(client: ZafClient): Promise<Place> {
  const [{ settings }, found] = await Promise.all([client.metadata(), client.get(['ticket.id', 'currentUser'])]);
  const { serviceUrl = '', helpdesk = '' } = settings;
  const user = (found['currentUser'] ?? {}) as { id?: number | string; name?: string; locale?: string };
  return {
    serviceUrl: serviceUrl.trim().replace(/\/+$/, ''),
    helpdesk: helpdesk.trim(),
    ticket: String(found['ticket.id'] ?? ''),
    agent: { id: String(user.id ?? ''), name: user.name ?? '', locale: user.locale ?? 'en' },
  };
}

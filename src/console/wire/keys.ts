export interface ApiKeyLine {
  name: string;
  /** How it begins; null of one that stands in the configuration. */
  prefix: string | null;
  scopes: string[];
  source: 'made' | 'configuration';
  createdAt: string | null;
  lastUsedAt: string | null;
  revokedAt: string | null;
}

export interface ApiKeys {
  keys: ApiKeyLine[];
  /** All that a key may be allowed. */
  scopes: string[];
}

export interface WebhookAddress {
  account: string;
  kind: string;
  label: string;
  url: string;
}

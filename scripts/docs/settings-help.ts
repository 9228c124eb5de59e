/** What there is to say of a setting whose schema does not say it itself. By path. */
export const settingsHelp: Readonly<Record<string, string>> = {
  'server.port': 'The port to listen on. The variable `PORT` wins; 0 takes a free one.',
  'server.host': 'The address to listen on; `127.0.0.1` behind a proxy on the same machine.',
  'server.publicUrl':
    'How the internet reaches this service. At start the log tells the webhook addresses to enter at the platforms.',
  'server.maxBodyBytes': 'The largest webhook taken in. A larger one is answered 413.',
  'database.url':
    'A Postgres, 14 or later: `postgres://user:password@host:5432/name`. The variable `DATABASE_URL` wins. Without either an embedded one runs under `dataDir`.',
  'database.dataDir':
    'Where the embedded Postgres and the copies of files live. Without it: the folder `data` of the project.',
  'media.dir': 'Where copies of customers’ files are kept. Without it: the folder `media` in `dataDir`.',
  'media.maxBytes': 'A larger file is not fetched; the ticket says so.',
  'media.allowedHosts':
    'Hosts on private networks that files may come from, such as `127.0.0.1` or `127.0.0.1:8080`. For simulators only.',
  'media.timeout': 'For fetching one file, from the first look-up to the last byte.',
  'reconcile.every':
    'How often each channel account is looked after: is our webhook still subscribed, and has its history anything that no webhook told? It costs about two calls. 0 switches it off.',
  'reconcile.silence': 'Whether an account from which nothing has come for an unusual time is told as silent.',
  'ledger.keepWebhooksFor':
    'How long the raw bodies of webhooks are kept; they serve only to look into trouble. 0: for ever.',
  'ledger.keepEventsFor':
    'How long events that were acted upon are kept, so that a repeat is known; at least 7d. Messages and tickets stay. 0: for ever.',
  'log.level': 'The least important lines that are written.',
  mapping: 'The file of the mapping. Without it: `mapping.yaml` beside the configuration, if there is one.',
};

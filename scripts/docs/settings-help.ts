/** What there is to say of a setting whose schema does not say it itself. By path. */
export const settingsHelp: Readonly<Record<string, string>> = {
  'server.port': 'The port to listen on. The variable `PORT` wins; 0 takes a free one.',
  'server.host': 'The address to listen on; `127.0.0.1` behind a proxy on the same machine.',
  'server.publicUrl':
    'How the internet reaches this service. At start the log tells the webhook addresses to enter at the platforms.',
  'server.maxBodyBytes': 'The largest webhook taken in. A larger one is answered 413.',
  'server.maxConnections': 'Connections open at the same time. Those beyond are answered 503 and closed.',
  'database.url':
    'A Postgres, 14 or later: `postgres://user:password@host:5432/name`. The variable `DATABASE_URL` wins. Without either an embedded one runs under `dataDir`.',
  'database.dataDir':
    'Where the embedded Postgres and the copies of files live. Without it: the folder `data` of the project.',
  'secrets.keys':
    'Keys that seal tokens kept in the database: 32 random bytes in base64 each (`openssl rand -base64 32`). The first seals, all open: to change the key, put the new one first. Without any, the embedded database gets one of its own in `dataDir`, in the file `sealing-key`.',
  'media.dir': 'Where copies of customers’ files are kept. Without it: the folder `media` in `dataDir`.',
  'media.maxBytes': 'A larger file is not fetched; the ticket says so.',
  'media.allowedHosts':
    'Hosts on private networks that files may come from, such as `127.0.0.1` or `127.0.0.1:8080`. For simulators only.',
  'media.timeout': 'For fetching one file, from the first look-up to the last byte.',
  'log.level': 'The least important lines that are written.',
  mapping: 'The file of the mapping. Without it: `mapping.yaml` beside the configuration, if there is one.',
};

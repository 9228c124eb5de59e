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
  'media.s3.bucket':
    'Keep the copies in this bucket at Amazon S3, or at anything that speaks like it, instead of `dir`.',
  'media.s3.region': 'The region of the bucket. MinIO takes any.',
  'media.s3.endpoint': 'Where the store is, if it is not Amazon’s: `https://minio.acme.example:9000`.',
  'media.s3.pathStyle': 'Whether the bucket stands in the path rather than in the host name, as MinIO wants it.',
  'media.s3.accessKeyId': 'Without it and its secret: the machine’s role, the environment or the shared profile.',
  'media.s3.secretAccessKey': 'The secret to `accessKeyId`, from a variable.',
  'media.gcs.bucket':
    'Keep the copies in this bucket at Google Cloud Storage instead of `dir`. Needs `npm install @google-cloud/storage@7`.',
  'media.gcs.keyFile': 'The key of a service account. Without it: the machine’s own credentials.',
  'media.maxBytes': 'A larger file is not fetched; the ticket says so.',
  'media.allowedHosts':
    'Hosts on private networks that files may come from, such as `127.0.0.1` or `127.0.0.1:8080`. For simulators only.',
  'media.timeout': 'For fetching one file, from the first look-up to the last byte.',
  'media.concurrency':
    'How many files are copied at a time, by each replica. Each may take up to `maxBytes` of memory.',
  'media.textWaits':
    'How long a text waits for its files to be copied. One that takes longer follows in a comment of its own.',
  'media.retryFor':
    'How long a file is tried for while its platform stumbles. After that the ticket says that it could not be had.',
  'media.keepFor':
    'How long a copy is kept after it was made, such as 90d. 0 keeps it for ever. What still has to go to a ticket is kept in any case.',
  'media.linkFor': 'How long a link works by which a platform fetches a file from here.',
  'reconcile.every':
    'How often each channel account is looked after: is our webhook still subscribed, and has its history anything that no webhook told? It costs about two calls. 0 switches it off.',
  'reconcile.silence': 'Whether an account from which nothing has come for an unusual time is told as silent.',
  'ledger.keepWebhooksFor':
    'How long the raw bodies of webhooks are kept; they serve only to look into trouble. 0: for ever.',
  'ledger.keepEventsFor':
    'How long events that were acted upon are kept, so that a repeat is known; at least 7d. Messages and tickets stay. 0: for ever.',
  'mail.host': 'The SMTP server that takes mails: codes by which customers show that an address is theirs.',
  'mail.port': 'Its port.',
  'mail.encryption':
    '`starttls`: the connection must become encrypted before anything is said. `tls`: it is from the start, mostly on port 465. `none`: only for a server on the same machine.',
  'mail.user': 'The name to log in with; left out where the server wants none.',
  'mail.password': 'The password to log in with, from a variable.',
  'mail.from': 'Who the mails are from: `Acme <chat@acme.example>`.',
  'telemetry.traces.url':
    'The OpenTelemetry collector that is told how each message travels, by OTLP over HTTP: `http://collector:4318`. Without it there are no traces, and what makes them is not loaded. See [traces](../operations/traces.md).',
  'telemetry.traces.sample':
    'The share of messages whose travel is told, from 0 to 1. Each is told wholly or not at all, by all replicas alike.',
  'log.level': 'The least important lines that are written.',
  mapping: 'The file of the mapping. Without it: `mapping.yaml` beside the configuration, if there is one.',
};

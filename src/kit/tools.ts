import type { Budgets } from './budgets.ts';
import type { Clock } from './clock.ts';
import type { Download } from './download.ts';
import type { Http } from './http.ts';
import type { Log } from './log.ts';
import type { SendMail } from './mailer.ts';
import type { SharedTokens } from './shared-tokens.ts';
import type { Tracer } from './tracer.ts';

/** What code that speaks to the outside is given to work with. */
export interface Tools {
  http: Http;
  /** Fetches a file from a URL a stranger gave: guarded against internal addresses, limited in size and time. */
  download: Download;
  /** Access tokens that expire, shared by all replicas. */
  tokens: SharedTokens;
  /** The calls that platforms allow, shared by all replicas. */
  budgets: Budgets;
  /** How the internet reaches this service, without a trailing slash; undefined where nobody said. */
  publicUrl?: string;
  clock: Clock;
  log: Log;
  /**
   * Lends a file to the internet for a while and returns its https link, for platforms that fetch what they are to show.
   * Absent where `publicUrl` is unknown: such a platform then cannot be sent files.
   */
  publish?: Publish;
  /** Absent where no mail server is configured. */
  mail?: SendMail;
  /** Absent where nobody listens to traces. */
  trace?: Tracer;
}

/**
 * `forMs`: at least so many milliseconds, where people open the link long after it was sent. `message`: the one it is sent
 * with, noted by who hands the tools to a channel. Throws when the vault is out of order.
 */
export type Publish = (file: {
  name: string;
  contentType: string;
  bytes: Buffer;
  forMs?: number;
  message?: number;
}) => Promise<string>;

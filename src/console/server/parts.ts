import type { PolicyBook } from '../../domain/policy.ts';
import type { MappingDesk } from '../../flows/mapping-desk.ts';
import type { Operations } from '../../flows/operations.ts';
import type { ConnectedChannel } from '../../flows/world.ts';
import type { HealthDetail } from '../../http/health-detail.ts';
import type { Log } from '../../kit/log.ts';
import type { Database } from '../../store/database.ts';

/** What the console's areas work with. An area names the part of it that it uses. */
export interface ConsoleParts {
  db: Database;
  /** Replays, redactions and what else operators do. */
  operations: Operations;
  /** The mapping, with the accounts to try it on. */
  mapping: MappingDesk;
  /** JSON Schema of what may stand in a mapping. */
  mappingSchema: Readonly<Record<string, unknown>>;
  /** What the platforms allow. */
  policy: PolicyBook;
  channels: ReadonlyMap<string, ConnectedChannel>;
  /** What the checks of `passerelle doctor` last found. */
  detail: () => HealthDetail;
  /** How the internet reaches this service. */
  publicUrl: string | undefined;
  /** Where the built pages are. */
  builtIn: string;
  log: Log;
  now: () => Date;
}

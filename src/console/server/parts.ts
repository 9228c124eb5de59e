import type { PolicyBook } from '../../domain/policy.ts';
import type { CampaignDesk } from '../../flows/campaign-desk.ts';
import type { MappingDesk } from '../../flows/mapping-desk.ts';
import type { NoticeDesk } from '../../flows/notice-desk.ts';
import type { Operations } from '../../flows/operations.ts';
import type { ConnectedChannel } from '../../flows/world.ts';
import type { HealthDetail } from '../../http/health-detail.ts';
import type { Log } from '../../kit/log.ts';
import type { Database } from '../../store/database.ts';
import type { SettingGroup } from '../wire/settings.ts';
import type { ConfiguredAccount, LookAgain } from './accounts/place.ts';
import type { OidcSettings } from './oidc.ts';

/** What the console's areas work with. An area names the part of it that it uses. */
export interface ConsoleParts {
  db: Database;
  /** Replays, redactions and what else operators do. */
  operations: Operations;
  /** The mapping, with the accounts to try it on. */
  mapping: MappingDesk;
  /** JSON Schema of what may stand in a mapping. */
  mappingSchema: Readonly<Record<string, unknown>>;
  /** The texts of notices, and what platforms approved of. */
  notices: NoticeDesk;
  campaigns: CampaignDesk;
  /** What the platforms allow. */
  policy: PolicyBook;
  channels: ReadonlyMap<string, ConnectedChannel>;
  /** What the checks of `passerelle doctor` last found. */
  detail: () => HealthDetail;
  /** All that is configured. */
  accounts: readonly ConfiguredAccount[];
  lookAgain: LookAgain;
  /** The configuration, as it may be shown. */
  settings: readonly SettingGroup[];
  /** The company's own sign-in, where it has one. */
  oidc?: OidcSettings | undefined;
  /** API keys that stand in the configuration. */
  configuredKeys: readonly { name: string; scopes: readonly string[] }[];
  /** How the internet reaches this service. */
  publicUrl: string | undefined;
  /** Where the built pages are. */
  builtIn: string;
  log: Log;
  now: () => Date;
}

import type { Migration } from 'kysely/migration';
import * as ledger from './0001-ledger.ts';
import * as channels from './0002-channels.ts';
import * as mediaVault from './0003-media-vault.ts';
import * as operations from './0004-operations.ts';
import * as reconcile from './0005-reconcile.ts';
import * as pauses from './0006-pauses.ts';
import * as identity from './0007-identity.ts';
import * as matching from './0008-matching.ts';
import * as mapping from './0009-mapping.ts';
import * as salesforceDesk from './0010-salesforce-desk.ts';
import * as redaction from './0012-redaction.ts';
import * as consents from './0013-consents.ts';
import * as orders from './0014-orders.ts';
import * as campaigns from './0015-campaigns.ts';
import * as shopAndPrivacy from './0016-shop-and-privacy.ts';
import * as consoleUsers from './0017-console.ts';
import * as consoleSearch from './0018-console-search.ts';
import * as ticketSigns from './0019-ticket-signs.ts';
import * as earlyCallbacks from './0021-early-callbacks.ts';
import * as blocked from './0022-blocked.ts';
import * as noticeLists from './0023-notice-lists.ts';
import * as toldTickets from './0024-told-tickets.ts';
import * as crmConsents from './0025-crm-consents.ts';
import * as changedDrafts from './0026-changed-drafts.ts';

/** In the order of their names. One that was released never changes. */
export const migrations: Record<string, Migration> = {
  '0001-ledger': ledger,
  '0002-channels': channels,
  '0003-media-vault': mediaVault,
  '0004-operations': operations,
  '0005-reconcile': reconcile,
  '0006-pauses': pauses,
  '0007-identity': identity,
  '0008-matching': matching,
  '0009-mapping': mapping,
  '0010-salesforce-desk': salesforceDesk,
  '0012-redaction': redaction,
  '0013-consents': consents,
  '0014-orders': orders,
  '0015-campaigns': campaigns,
  '0016-shop-and-privacy': shopAndPrivacy,
  '0017-console': consoleUsers,
  '0018-console-search': consoleSearch,
  '0019-ticket-signs': ticketSigns,
  '0021-early-callbacks': earlyCallbacks,
  '0022-blocked': blocked,
  '0023-notice-lists': noticeLists,
  '0024-told-tickets': toldTickets,
  '0025-crm-consents': crmConsents,
  '0026-changed-drafts': changedDrafts,
};

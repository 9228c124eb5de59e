import { audited } from '../store/audit.ts';
import { belongingsOf, rowsOfBelongings } from '../store/erase-rows.ts';
import { mediaOfMessages, type StoredMedia } from '../store/media.ts';
import { type HeldElsewhere, heldElsewhere } from './held-elsewhere.ts';
import type { Operations } from './operations.ts';

/** Everything that is kept of a customer here. */
export interface CustomerExport {
  customer: number;
  exportedAt: string;
  /** The names under which platforms know them, by account. */
  users: { account: string; name: string }[];
  /** Rows of the ledger, by table. */
  ledger: Record<string, unknown[]>;
  /** Files they sent and copies of which are kept. `file`: a name of its own for each. */
  files: ExportedFile[];
  /** Their records at helpdesks and CRMs, by number: what those hold besides is theirs to give out. */
  elsewhere: HeldElsewhere[];
}

export interface ExportedFile {
  file: string;
  message: number;
  name: string;
  contentType: string;
  bytes: number;
}

/** An export, and where in the vault its files are, by their names. Undefined: there is no such customer. */
export async function exportCustomer(
  { db, accounts }: Pick<Operations, 'db' | 'accounts'>,
  customer: number,
  who: string,
  now: Date,
): Promise<{ export: CustomerExport; copies: Map<string, StoredMedia> } | undefined> {
  const found = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => {
      const theirs = await belongingsOf(tx, customer);
      if (!theirs) return undefined;
      return {
        users: theirs.users,
        ledger: await rowsOfBelongings(tx, theirs),
        media: await mediaOfMessages(tx, theirs.messages),
        elsewhere: await heldElsewhere(tx, theirs, accounts),
      };
    });
  if (!found) return undefined;
  await audited(db, { who, what: 'export', subject: `customer ${customer}` });
  const copies = new Map<string, StoredMedia>();
  const files: ExportedFile[] = [];
  for (const [message, byPosition] of found.media) {
    for (const [position, media] of byPosition) {
      if (media.state !== 'stored') continue;
      const { name, contentType, bytes } = media;
      const file = `${message}-${position}-${name.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(-80)}`;
      copies.set(file, media);
      files.push({ file, message, name, contentType, bytes });
    }
  }
  const exportedAt = now.toISOString();
  const { users, ledger, elsewhere } = found;
  return { export: { customer, exportedAt, users, ledger, files, elsewhere }, copies };
}

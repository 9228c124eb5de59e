import type { Request, Response } from 'express';
import { receiptOf } from '../flows/erasure-receipt.ts';
import type { Operations } from '../flows/operations.ts';
import type { ConnectedChannel } from '../flows/world.ts';
import type { Log } from '../kit/log.ts';
import { audited } from '../store/audit.ts';
import { addErasure } from '../store/erasures.ts';
import type { FailedChecks } from './failed-checks.ts';
import { erasurePage } from './privacy-page.ts';
import { problem } from './problem.ts';
import { webhookRequest } from './webhook-request.ts';

export interface PrivacyParts {
  channels: readonly ConnectedChannel[];
  operations: Pick<Operations, 'db' | 'queue'>;
  publicUrl: string | undefined;
  forgeries: FailedChecks;
  log: Log;
}

/**
 * What platforms ask on behalf of their users: that their data be deleted. One address for all accounts of a kind, as an app has
 * one. Nothing here calls another service: whom the platform means is found out by the job.
 */
export function makePrivacy({ channels, operations, publicUrl, forgeries, log }: PrivacyParts) {
  const accountsOf = (kind: string) =>
    channels.filter(({ channel }) => channel.kind === kind && channel.readDeletion !== undefined);
  return {
    async ask(request: Request, response: Response, kind: string): Promise<void> {
      const accounts = accountsOf(kind);
      if (accounts.length === 0) return problem(response, 404, `no ${kind} account asks for deletions here`);
      const asked = webhookRequest(request, publicUrl);
      const read = accounts.map(({ channel, account }) => ({
        account: account.id,
        told: channel.readDeletion!(asked, account),
      }));
      const proven = read.flatMap(({ account, told }) => (told === 'forged' ? [] : [{ account, told }]));
      const [first] = proven;
      if (!first) return forgeries.refuse(request, response, 401, unsigned);
      if ('malformed' in first.told) return problem(response, 400, first.told.malformed);
      const { user } = first.told;
      const code = await begin(operations, { kind, accounts: proven.map(({ account }) => account), user });
      const base = (publicUrl ?? `${request.protocol}://${request.headers.host ?? ''}`).replace(/\/+$/, '');
      response.json({ url: `${base}/privacy/deletions/${code}`, confirmation_code: code });
    },
    /** Somebody took access away from the app. What that ends is asked of the platform at once, account by account. */
    async removed(request: Request, response: Response, kind: string): Promise<void> {
      const asked = webhookRequest(request, publicUrl);
      const able = channels.filter(({ channel }) => channel.kind === kind && channel.readRemoval !== undefined);
      if (able.length === 0) return problem(response, 404, `no ${kind} account is told of that here`);
      const proven = able.filter(({ channel, account }) => channel.readRemoval!(asked, account) === 'told');
      if (proven.length === 0) return forgeries.refuse(request, response, 401, unsigned);
      const accounts = proven.map(({ account }) => account.id);
      log.warn('access.removed', { kind, accounts });
      await lookAtOnce(operations, kind, accounts);
      response.json({ accounts: accounts.length });
    },
    /** To be read by whoever asked, who has nothing but the code. */
    async show(response: Response, code: string): Promise<void> {
      const receipt = /^[A-Z0-9]{8,40}$/.test(code) ? await receiptOf(operations.db, code) : undefined;
      response
        .status(receipt ? 200 : 404)
        .set({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
        .type('html')
        .send(erasurePage(receipt));
    },
  };
}

const unsigned = 'signed_request is missing or its signature does not fit';

async function lookAtOnce({ db, queue }: PrivacyParts['operations'], kind: string, accounts: string[]): Promise<void> {
  await db.transaction().execute(async (tx) => {
    for (const subject of accounts) await audited(tx, { who: `platform:${kind}`, what: 'access-removed', subject });
    await queue.wake(
      tx,
      accounts.map((key) => ({ queue: 'reconcile-channel' as const, key })),
    );
  });
}

async function begin(
  { db, queue }: PrivacyParts['operations'],
  asked: { kind: string; accounts: string[]; user: string },
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    const { id, code } = await addErasure(tx, { asked, askedBy: `platform:${asked.kind}` });
    await queue.wake(tx, [{ queue: 'erasures', key: String(id) }]);
    return code;
  });
}

import type { Server } from 'node:http';
import { makeTakeIn } from '../../src/flows/take-in-webhook.ts';
import * as helpdesks from '../../src/helpdesks/registry.ts';
import type { CallbackAccount } from '../../src/http/callbacks.ts';
import { makeMetrics } from '../../src/http/metrics.ts';
import { listen } from '../../src/http/server.ts';
import type { Log } from '../../src/kit/log.ts';
import type { Queue } from '../../src/queue/queue.ts';
import { openDatabase } from '../../src/store/database.ts';
import { sampleHelpdesks } from '../contract/samples.ts';
import { bareDoor } from './bare-door.ts';
import type { SampledChannel } from './channel-samples.ts';
import { freshDatabase } from './database.ts';

/** The door with every channel there is, on a real ledger; nothing is woken, so that only the door is tried. */
export async function startChannelsDoor(channels: readonly SampledChannel[], log: Log) {
  const database = await freshDatabase();
  const db = openDatabase(database.url, 4);
  const watch = { saw: () => false, isAway: () => false, stop: () => undefined };
  const metrics = makeMetrics(db, watch, new Set([...channels.map(({ kind }) => kind), 'zendesk']));
  const queue = { wake: async () => undefined, wakeHeld: async () => undefined } as unknown as Queue;
  const server: Server = bareDoor({
    channels: channels.map(({ channel, sample }) => ({ channel, account: channel.account.parse(sample.account) })),
    helpdesks: [
      {
        helpdesk: helpdesks.zendesk,
        account: helpdesks.zendesk.account.parse(sampleHelpdesks['zendesk']),
      } as unknown as CallbackAccount,
    ],
    takeIn: makeTakeIn({ db, queue, meters: metrics, log }),
    metrics,
    log,
    db,
    doorDb: db,
  });
  const url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}`;
  return {
    url,
    db,
    /** Posts a body as the platform signs it; resolves with the status. */
    post: async ({ kind, sample }: SampledChannel, body: Buffer): Promise<number> => {
      const { headers, query } = sample.sign(body);
      const search = new URLSearchParams(query as Record<string, string>).toString();
      const answer = await fetch(`${url}/webhooks/${kind}/acme-page${search && `?${search}`}`, {
        method: 'POST',
        headers: headers as Record<string, string>,
        body: new Uint8Array(body),
      });
      await answer.arrayBuffer();
      return answer.status;
    },
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await db.destroy();
      await database.drop();
    },
  };
}

import type { Server } from 'node:http';
import { makeServer, type ServerParts } from '../../src/http/server.ts';
import { silentLog } from '../../src/kit/log.ts';
import type { Database } from '../../src/store/database.ts';

/** The service's HTTP side alone, without a database: what it would commit goes to `takeIn`. */
export function bareDoor(parts: Pick<ServerParts, 'channels' | 'helpdesks' | 'takeIn'> & Partial<ServerParts>): Server {
  const nothing = () => undefined;
  const page = async () => ({ contentType: 'text/plain', body: '' });
  return makeServer({
    watch: { saw: () => false, isAway: () => false, stop: nothing },
    metrics: {
      event: nothing,
      refused: nothing,
      delivery: nothing,
      media: nothing,
      recovered: nothing,
      link: nothing,
      notice: nothing,
      noticeHeld: nothing,
      door: nothing,
      page,
    },
    log: silentLog,
    publicUrl: 'https://chat.acme.example',
    shops: [],
    takeInShop: async () => ({ result: 'taken' }),
    calls: {
      connectTo: async () => ({ result: 'done', value: undefined }),
      takeReply: async () => true,
      takeTold: async () => undefined,
      conversationOf: async () => undefined,
    },
    db: undefined as unknown as Database,
    vault: undefined as never,
    links: undefined,
    api: {
      operations: { accounts: new Map() },
      campaigns: {},
      keys: [],
      now: () => new Date(),
    } as unknown as ServerParts['api'],
    doorDb: undefined as unknown as Database,
    maxBodyBytes: 1_000_000,
    digest: 'digest-of-the-accounts',
    detail: () => ({ checkedAt: null, checking: false, findings: [] }),
    maxConnections: 100,
    progress: { answers: 0 },
    now: () => new Date(),
    ...parts,
  });
}

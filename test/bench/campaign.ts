import { chmod, mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { startZendeskSimulator } from '../../src/sandbox/zendesk/simulator.ts';
import { addCampaign, campaignById, changeCampaign } from '../../src/store/campaigns.ts';
import { type Database, migrate, openDatabase } from '../../src/store/database.ts';
import { startEmbeddedPostgres } from '../../src/store/embedded-postgres.ts';
import { load } from './door.ts';
import { startServiceProcess } from './service-process.ts';

export interface CampaignMeasured {
  planned: number;
  /** From its time until its first notice may go; milliseconds. */
  planMs: number;
  /** Sent in the measured stretch, and at how many a minute. */
  sent: number;
  perMinute: number;
  doubled: number;
  /** From an agent's comment until it was sent to the customer, while the campaign ran; milliseconds. */
  agentMs: number[];
}

const texts = 'Autumn is here';

/** A campaign of so many recipients at so many a minute, watched for some seconds, with an agent who answers meanwhile. */
export async function measureCampaign(
  recipients: number,
  perMinute: number,
  seconds: number,
): Promise<CampaignMeasured> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-campaign-'));
  // As root, Postgres runs as another user, who has to get in.
  await chmod(folder, 0o755);
  const postgres = await startEmbeddedPostgres(folder);
  const db = openDatabase(postgres.url, 2);
  const graph = await startGraph();
  const zendesk = await startZendeskSimulator({ ...logins, accessToken: 'token', webhookSecret: 'hook' });
  zendesk.setRateLimit(1_000_000);
  try {
    await migrate(db);
    await seedAudience(db, recipients);
    const service = await startServiceProcess({
      ...{ databaseUrl: postgres.url, graphUrl: graph.url, zendeskUrl: zendesk.url },
      texts: { autumn: texts },
    });
    zendesk.setWebhookUrl(`${service.url}/webhooks/zendesk/desk`);
    try {
      await load({ url: service.hook, connections: 1, customers: 1, seconds: 5, most: 1 });
      await waitFor(() => zendesk.tickets().length > 0);
      const begun = await begin(db, perMinute);
      const agentMs: number[] = [];
      // What the start was late by is made good by then.
      await waitFor(() => graph.times.length >= perMinute / 6);
      const [from, before] = [performance.now(), graph.times.length];
      while (performance.now() - from < seconds * 1_000) {
        agentMs.push(await answer(zendesk, graph, agentMs.length));
        await pause(1_000);
      }
      const times = graph.times.slice(before);
      return {
        ...begun,
        ...{ sent: times.length, perMinute: ratePerMinute(times), doubled: graph.doubled() },
        agentMs: agentMs.sort((a, b) => a - b),
      };
    } finally {
      await service.stop();
    }
  } finally {
    graph.close();
    await zendesk.close();
    await db.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * The slope of the line that lies nearest to all of them: several go at a time, so that counting from the first to the last would tell
 * where in such a bunch the stretch begins and ends.
 */
function ratePerMinute(times: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [at, nth] = [mean(times), (times.length - 1) / 2];
  const along = times.reduce((sum, time, n) => sum + (time - at) * (n - nth), 0);
  return (60_000 * along) / times.reduce((sum, time) => sum + (time - at) ** 2, 0);
}

const logins = { clientId: 'client', clientSecret: 'secret' };
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

async function waitFor(come: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 120_000;
  while (!(await come())) {
    if (performance.now() > deadline) throw new Error('what was waited for did not come within two minutes');
    await pause(5);
  }
}

async function begin(db: Database, perMinute: number): Promise<{ planned: number; planMs: number }> {
  const id = await db.transaction().execute(async (tx) => {
    const made = await addCampaign(tx, {
      ...{ name: 'Autumn', purpose: 'marketing', texts: 'autumn', variables: {}, perMinute, holdOut: 0 },
      segment: { channels: [], accounts: [], languages: [], attributes: {} },
      thresholds: { optOuts: 1, failures: 1, after: 1_000 },
      ...{ expiresAfterMs: 86_400_000, madeBy: 'bench' },
    });
    if (made === 'other') throw new Error('there is a campaign already');
    await changeCampaign(tx, made.id, { state: 'scheduled', startAt: new Date() });
    return made.id;
  });
  const startedAt = performance.now();
  await waitFor(async () => (await campaignById(db, id))?.state === 'running');
  return { planned: (await campaignById(db, id))!.planned, planMs: performance.now() - startedAt };
}

type Zendesk = Awaited<ReturnType<typeof startZendeskSimulator>>;

async function answer(zendesk: Zendesk, graph: Graph, n: number): Promise<number> {
  const text = `Agent's answer ${n}`;
  const askedAt = performance.now();
  await zendesk.agentComments(zendesk.tickets()[0]!.id, { text, public: true });
  await waitFor(() => graph.has(text));
  return performance.now() - askedAt;
}

type Graph = Awaited<ReturnType<typeof startGraph>>;

/** The Graph API as far as it takes messages, each after 50 ms. */
async function startGraph() {
  const sent = new Map<string, number>();
  const times: number[] = [];
  const seen = new Set<string>();
  let next = 0;
  const server = http.createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(pieces).toString() || '{}');
      const text: string | undefined = body.message?.text;
      if (text === texts) {
        sent.set(body.recipient.id, (sent.get(body.recipient.id) ?? 0) + 1);
        times.push(performance.now());
      } else if (text) seen.add(text);
      const answer = {
        recipient_id: body.recipient?.id,
        message_id: `m_${next++}`,
        id: '1',
        name: 'Ida Berg',
        data: [],
      };
      setTimeout(() => response.setHeader('content-type', 'application/json').end(JSON.stringify(answer)), 50);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** When each message of the campaign came. */
    times,
    doubled: () => [...sent.values()].filter((times) => times > 1).length,
    has: (text: string) => seen.has(text),
    close: () => server.close().closeAllConnections(),
  };
}

async function seedAudience(db: Database, members: number): Promise<void> {
  const base = 1_000_000_000;
  for (const statement of [
    sql`insert into customers (id, name) overriding system value
      select ${base} + n, 'Member ' || n from generate_series(1, ${members}) n`,
    sql`insert into conversations (id, account, platform_user, address, customer, last_customer_at) overriding system value
      select ${base} + n, 'page', 'member' || n, 'member' || n, ${base} + n, now() from generate_series(1, ${members}) n`,
    sql`insert into identities (account, platform_user, customer, evidence, detail)
      select 'page', 'member' || n, ${base} + n, 'platform', '{}' from generate_series(1, ${members}) n`,
    sql`with acts as (insert into consents (customer, channel, purpose, act, source, at, by_whom)
        select ${base} + n, '*', 'marketing', 'granted', 'api', now() - interval '1 day', 'shop:shop'
        from generate_series(1, ${members}) n returning id, customer, at)
      insert into consent_states (customer, channel, purpose, state, since, act)
      select customer, '*', 'marketing', 'granted', at, id from acts`,
    sql`vacuum analyze`,
  ])
    await statement.execute(db);
}

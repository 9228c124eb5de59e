import { cpus } from 'node:os';
import { measureCampaign } from './campaign.ts';
import { measureConsole } from './console.ts';
import { measureBare, measureDoor } from './door.ts';
import { measureDrain } from './drain.ts';
import { measureGrowth } from './growth.ts';
import { measureIdleToTicket } from './idle.ts';
import type { LoadResult } from './load.ts';
import { measureMatching, type Round } from './matching.ts';
import { measureMemory } from './memory.ts';
import { measureNotices } from './notices.ts';
import { measureReplicas } from './replicas.ts';
import { measureThroughput } from './throughput.ts';

/**
 * `npm run bench [-- door replicas idle memory throughput matching notices campaign drain growth console]`: what the service reaches on this machine, each figure beside what it is to
 * reach. Load generator, Postgres and service share the cores.
 */
const sections: Record<string, () => Promise<void>> = {
  door,
  replicas,
  idle,
  memory,
  throughput,
  matching,
  notices,
  campaign,
  drain,
  growth,
  console: pagesOfConsole,
};
/** `matching`, `campaign`, `drain` and `console` take minutes, `growth` many and several gigabytes: they run only when they are named. */
const usual = ['door', 'replicas', 'idle', 'memory', 'throughput'];
const wanted = process.argv.length > 2 ? process.argv.slice(2) : usual;
const unknown = wanted.filter((name) => !(name in sections));
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}; there is ${Object.keys(sections).join(', ')}.`);
  process.exit(2);
}
console.log(`${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}\n`);
for (const [name, run] of Object.entries(sections)) if (wanted.includes(name)) await run();

async function door(): Promise<void> {
  console.log('The door: signed single-message webhooks, 64 connections, committed to Postgres with fsync on');
  const service = await measureDoor(10, {});
  const bare = await measureBare(5, false);
  const durable = await measureBare(5, true);
  line('service', service, 'at least 2,000/s, p99 under 100 ms');
  line('bare node:http, HMAC', bare);
  line('  and an fsynced file', durable);
  console.log(
    `  ratio to the bare server ${ratio(service, bare)}, to the one with a file ${ratio(service, durable)}\n`,
  );
}

async function replicas(): Promise<void> {
  console.log('Replicas: the same load on one and on three, on one Postgres, all on these cores');
  const one = await measureReplicas(1, 10);
  const three = await measureReplicas(3, 10);
  line('one', one);
  line('three', three, 'at least as much as one');
  console.log(`  ratio ${ratio(three, one)}\n`);
}

function line(name: string, { perSecond, p50, p99, max, failed }: LoadResult, target = ''): void {
  const figures = `${perSecond.toFixed(0).padStart(7)}/s   p50 ${p50.toFixed(1)} ms   p99 ${p99.toFixed(1)} ms   max ${max.toFixed(0)} ms`;
  console.log(`  ${name.padEnd(24)}${figures}   ${failed} failed${target && `   (${target})`}`);
}

function ratio(a: LoadResult, b: LoadResult): string {
  return (a.perSecond / b.perSecond).toFixed(2);
}

async function idle(): Promise<void> {
  const took = await measureIdleToTicket(40);
  const at = (share: number) => took[Math.floor(took.length * share)]?.toFixed(0);
  console.log('Idle to ticket: webhook sent until Zendesk is asked for the ticket');
  console.log(`  median ${at(0.5)} ms, p90 ${at(0.9)} ms, max ${took.at(-1)?.toFixed(0)} ms   (median under 150 ms)\n`);
}

async function throughput(): Promise<void> {
  const { messages, seconds, lost, doubled, comments } = await measureThroughput(15);
  console.log('Throughput: webhook to comment, 200 customers, 16 connections, Zendesk answers in 20 ms');
  const speed = `${(messages / seconds).toFixed(0).padStart(7)}/s`;
  console.log(
    `  ${'service'.padEnd(24)}${speed}   ${messages} messages in ${seconds.toFixed(1)} s, ${comments} calls that write`,
  );
  console.log(`  lost ${lost}, doubled ${doubled}   (at least 400/s, none lost, none doubled)\n`);
}

async function notices(): Promise<void> {
  const took = await measureNotices(40);
  const at = (share: number) => took[Math.floor(took.length * share)]?.toFixed(0);
  console.log('Notices: an order event at an idle service until the platform is asked to tell the customer');
  console.log(`  median ${at(0.5)} ms, p90 ${at(0.9)} ms, max ${took.at(-1)?.toFixed(0)} ms   (median under 500 ms)\n`);
}

async function campaign(): Promise<void> {
  console.log(
    'Campaign: 100,000 recipients at 1,200 a minute, a platform that answers in 50 ms; agents answer meanwhile',
  );
  const { planned, planMs, sent, perMinute, doubled, agentMs } = await measureCampaign(100_000, 1_200, 60);
  const at = (share: number) => agentMs[Math.min(agentMs.length - 1, Math.floor(agentMs.length * share))]?.toFixed(0);
  console.log(`  ${planned} planned in ${(planMs / 1_000).toFixed(1)} s   (under 10 s)`);
  console.log(
    `  ${sent} sent at ${perMinute.toFixed(0)} a minute: ${(perMinute / 1_200).toFixed(3)} of its rate, doubled ${doubled}   (within 2 %)`,
  );
  console.log(`  an agent's reply: median ${at(0.5)} ms, max ${at(1)} ms   (within 1 s)\n`);
}

async function drain(): Promise<void> {
  console.log(
    'Drain: an hour at 10/s gathered while Zendesk was away; then 700 calls and 100 updates a minute, 50 ms each',
  );
  const found = await measureDrain(36_000, 2_000);
  const { messages, conversations, seconds, least, calls, refused, lost, doubled, before, highest, doorP99 } = found;
  console.log(
    `  ${messages} messages of ${conversations} customers in ${seconds.toFixed(0)} s, ${calls} calls, ${refused} refused (429)`,
  );
  console.log(`  least time ${least.toFixed(0)} s, ratio ${(seconds / least).toFixed(2)}   (within 1.2)`);
  console.log(
    `  lost ${lost}, doubled ${doubled}; memory ${before.toFixed(0)} MB before, at most ${highest.toFixed(0)} MB`,
  );
  console.log(`  door meanwhile p99 ${doorP99.toFixed(0)} ms   (under 150 ms)\n`);
}

async function memory(): Promise<void> {
  console.log('Memory: resident megabytes of the service after 10,000 messages and more, all delivered');
  for (const withSalesforce of [false, true]) {
    const { idle: before, after, messages, seconds } = await measureMemory(10_000, withSalesforce);
    const target = withSalesforce ? 'under 280' : 'under 200';
    const name = withSalesforce ? 'with Salesforce' : 'without Salesforce';
    const speed = `${messages} messages in ${seconds.toFixed(0)} s`;
    console.log(`  ${name.padEnd(20)}idle ${before.toFixed(0)}, after ${after.toFixed(0)} MB   ${speed}   (${target})`);
  }
  console.log();
}

async function matching(): Promise<void> {
  console.log('Matching: customers who tell their e-mail, one after the other; the org has 1,000,000 contacts');
  const { contacts, customers, seeded, first, then, wrong } = await measureMatching(1_000_000, 200);
  console.log(`  ${contacts.toLocaleString('en')} contacts made in ${seeded.toFixed(0)} s, ${customers} customers`);
  round('first words', first, '1 search each');
  round('next words', then, 'none');
  console.log(`  tied to another than their contact: ${wrong}   (none)\n`);
}

function round(name: string, { searches, median, slowest }: Round, target: string): void {
  const times = `history there after ${median.toFixed(0)} ms (median), ${slowest.toFixed(0)} ms (slowest)`;
  console.log(`  ${name.padEnd(12)} ${searches} searches a customer, ${times}   (${target})`);
}

async function growth(): Promise<void> {
  const sizes = (process.env['GROWTH'] ?? '0,1000000,5000000').split(',').map(Number);
  console.log('Growth: the same work with more and more done messages in the ledger (GROWTH=0,1000000,5000000)');
  console.log('    messages    door/s  p99 ms   to ticket ms (median, p90)   metrics page ms   tables read whole');
  await measureGrowth(sizes, ({ rows, perSecond, p99, toTicket: [median, p90], page, wholeReads }) => {
    const cells = [
      rows.toLocaleString('en').padStart(12),
      perSecond.toFixed(0).padStart(9),
      p99.toFixed(0).padStart(7),
      `${median.toFixed(0)}, ${p90.toFixed(0)}`.padStart(28),
      page.toFixed(1).padStart(17),
    ];
    console.log(`${cells.join(' ')}   ${wholeReads.join(', ') || 'none'}`);
  });
  console.log();
}

async function pagesOfConsole(): Promise<void> {
  const messages = Number(process.env['CONSOLE_MESSAGES'] ?? 1_000_000);
  console.log(
    `Console: what each page asks, with ${messages.toLocaleString('en')} messages of thirty days in the ledger (CONSOLE_MESSAGES=1000000),`,
  );
  console.log('an order with three notices for each ten of them, and a campaign that told everybody');
  const { counted, pages } = await measureConsole(messages);
  console.log(`  figures of the thirty days counted once in ${(counted / 1_000).toFixed(1)} s`);
  console.log(`  ${'page'.padEnd(38)}${'median ms'.padStart(12)}${'slowest ms'.padStart(12)}   (under 300)`);
  for (const { page, median, slowest } of pages)
    console.log(`  ${page.padEnd(38)}${median.toFixed(0).padStart(12)}${slowest.toFixed(0).padStart(12)}`);
  console.log();
}

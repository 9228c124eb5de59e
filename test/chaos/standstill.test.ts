import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Step } from '../../src/kit/step.ts';
import { freshDatabase } from '../support/database.ts';
import { quietFor, until } from '../support/until.ts';
import { makeCast } from './cast.ts';
import { startFront } from './front.ts';
import type { Deed } from './plan.ts';
import { appSecret, startPlatforms, writeConfiguration } from './platforms.ts';
import { freePorts } from './ports.ts';
import { random } from './random.ts';
import { startReplica } from './replica.ts';
import { verify } from './verify.ts';

/**
 * A machine that is too busy, or was put to sleep: a process stands still, another takes over its work, and then the first
 * goes on where it was, as if nothing had been.
 */
const over = new AbortController();
let folder: string;
/** What is to be seen once the first has gone on; the cases are played side by side. */
let played: ReturnType<typeof play>[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-standstill-'));
  played = cases.map(([step, deeds], n) => play(step, deeds, n));
  for (const each of played) each.catch(() => undefined);
});
afterAll(async () => {
  over.abort();
  await rm(folder, { recursive: true, force: true });
});

const cases: readonly [Step, Deed[]][] = [
  ['person.answered', ['writes']],
  ['ticket.creating', ['writes']],
  ['send.asking', ['writes', 'is answered']],
];

test.each(cases.map(([step], n) => [step, n] as const))(
  'standing still at %s while another does its work: all is there once',
  async (_, n) => {
    expect(await played[n]).toEqual({ lost: [], doubled: [], outOfOrder: [], leaked: [], unsure: [] });
  },
  120_000,
);

async function play(step: Step, deeds: Deed[], n: number) {
  const [database, platforms] = await Promise.all([freshDatabase(), startPlatforms()]);
  const own = join(folder, String(n));
  await writeConfiguration(own, platforms);
  const ports = await freePorts(2);
  const front = await startFront(ports, appSecret, random(n, 'front'), false);
  front.behave();
  platforms.callAt(front.url);
  const birth = { folder: own, databaseUrl: database.url, over: over.signal };
  const first = startReplica({ ...birth, port: ports[0]!, killAt: { step, count: 1, signal: 'SIGSTOP' } });
  try {
    await first.ready;
    const cast = makeCast(platforms);
    for (const deed of deeds) cast.play({ customer: `s${n}`, page: 0, deed, pauseMs: 0, bytes: 0 });
    await until(`it reaches ${step}`, () => first.reached.has(step), 30_000);
    const second = startReplica({ ...birth, port: ports[1]! });
    const arrived = () => cast.finished() && verify(cast, platforms).lost.length === 0;
    await until('the other does its work', arrived, 80_000);
    first.kill('SIGCONT');
    await quietFor(3_000);
    const findings = verify(cast, platforms);
    second.kill('SIGKILL');
    await second.ended;
    return findings;
  } finally {
    first.kill('SIGKILL');
    await first.ended;
    await front.close();
    await platforms.close();
    await database.drop();
  }
}

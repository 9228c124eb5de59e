import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Step } from '../../src/kit/step.ts';
import { metric } from '../support/metric.ts';
import { until } from '../support/until.ts';
import { type Cast, makeCast } from './cast.ts';
import { type Front, startFront } from './front.ts';
import type { Happenings, Life, RoundPlan } from './plan.ts';
import { appSecret, type Platforms, startPlatforms, writeConfiguration } from './platforms.ts';
import { freePorts } from './ports.ts';
import { random } from './random.ts';
import { type Replica, startReplica } from './replica.ts';
import { type Findings, verify } from './verify.ts';

export interface RoundOptions {
  plan: RoundPlan;
  /** An empty database, and an empty folder for the configuration and the media. */
  databaseUrl: string;
  folder: string;
  replicas: number;
  over: AbortSignal;
  /** Callbacks get lost; what was lost is found by reading the helpdesk's changes, which takes a minute. */
  losesCallbacks: boolean;
  /** Called when the last life is over and the drain begins. */
  onDrain: () => void;
}

export interface RoundResult {
  killedAt: Step[];
  killedAtMoments: number;
  stops: number;
  starts: number;
  /** Steps that were waited for in vain. */
  missed: Step[];
  reached: Set<Step>;
  messages: number;
  replies: number;
  notes: number;
  front: Front['did'];
  findings: Findings;
  /** Ends that were not as they should be, jobs that threw, a drain that did not end. */
  wrong: string[];
  drainSeconds: number;
}

interface Stage {
  platforms: Platforms;
  front: Front;
  cast: Cast;
  ports: readonly number[];
  result: RoundResult;
  options: RoundOptions;
}

/** Plays one round: its lives one after the other in each replica's place, then a drain in which nothing is killed. */
export async function playRound(options: RoundOptions): Promise<RoundResult> {
  const stage = await setStage(options);
  try {
    const lives = [...options.plan.lives];
    const survivors = await Promise.all(stage.ports.map((port) => livesInTurn(stage, port, lives)));
    options.onDrain();
    await close(stage);
    await drain(stage);
    for (const survivor of survivors) survivor.kill('SIGTERM');
    await Promise.all(survivors.map((survivor) => endsWell(stage, survivor)));
    for (const survivor of survivors) note(stage, survivor);
    stage.result.findings = verify(stage.cast, stage.platforms);
    return counted(stage);
  } finally {
    await stage.front.close();
    await stage.platforms.close();
  }
}

async function setStage(options: RoundOptions): Promise<Stage> {
  const platforms = await startPlatforms();
  await writeConfiguration(options.folder, platforms);
  const ports = await freePorts(options.replicas);
  const draw = random(options.plan.seed, `front ${options.plan.round}`);
  const front = await startFront(ports, appSecret, draw, options.losesCallbacks);
  platforms.callAt(front.url);
  return { platforms, front, cast: makeCast(platforms), ports, options, result: emptyResult(front) };
}

const emptyResult = (front: Front): RoundResult => ({
  killedAt: [],
  killedAtMoments: 0,
  stops: 0,
  starts: 0,
  missed: [],
  reached: new Set(),
  messages: 0,
  replies: 0,
  notes: 0,
  front: front.did,
  findings: { lost: [], doubled: [], outOfOrder: [], leaked: [], unsure: [] },
  wrong: [],
  drainSeconds: 0,
});

/** Takes lives from the round's until there are none; the one after that goes on living. */
async function livesInTurn(stage: Stage, port: number, lives: Life[]): Promise<Replica> {
  for (let life = lives.shift(); life && !stage.options.over.aborted; life = lives.shift()) {
    await live(stage, port, life);
    nothingWrongSoFar(stage, life);
  }
  const survivor = start(stage, port);
  if ((await survivor.ready) === 'ended') stage.result.wrong.push(`it did not start: ${survivor.log().slice(-2_000)}`);
  return survivor;
}

function start({ options, result }: Stage, port: number, life?: Life): Replica {
  result.starts++;
  const killAt = life?.end.by === 'step' ? life.end : undefined;
  return startReplica({ folder: options.folder, port, databaseUrl: options.databaseUrl, killAt, over: options.over });
}

/** What is missing may still come; what is there twice, out of order or leaked is wrong at any time. */
function nothingWrongSoFar({ cast, platforms, result }: Stage, { end }: Life): void {
  const { doubled, outOfOrder, leaked } = verify(cast, platforms);
  for (const found of [...doubled, ...outOfOrder, ...leaked]) {
    const what = `after ${JSON.stringify(end)}: ${found}`;
    if (!result.wrong.some((known) => known.endsWith(found))) result.wrong.push(what);
  }
}

const againAfterMs = 6_000;
const patienceMs = 16_000;

async function live(stage: Stage, port: number, life: Life): Promise<void> {
  const replica = start(stage, port, life);
  const { end } = life;
  const timer = end.by === 'moment' ? setTimeout(() => replica.kill('SIGKILL'), end.afterMs) : undefined;
  await replica.ready;
  happen(stage, life);
  if (end.by === 'request') {
    await wait(end.afterMs);
    replica.kill('SIGTERM');
    await endsWell(stage, replica);
    stage.result.stops++;
  } else if (end.by === 'step') {
    await killedAt(stage, replica, end.step, life.again);
  } else {
    await replica.ended;
    stage.result.killedAtMoments++;
  }
  clearTimeout(timer);
  note(stage, replica);
}

function happen({ platforms, cast }: Stage, { acts, faults }: Happenings): void {
  for (const fault of faults) platforms.inject(fault);
  for (const act of acts) cast.play(act);
}

async function killedAt(stage: Stage, replica: Replica, step: Step, again: Happenings): Promise<void> {
  const stopping = step.startsWith('stop.') && setTimeout(() => replica.kill('SIGTERM'), 400);
  const more = setTimeout(() => happen(stage, again), againAfterMs);
  const tooLong = setTimeout(() => {
    stage.result.missed.push(step);
    replica.kill('SIGKILL');
  }, patienceMs);
  const missed = stage.result.missed.length;
  const { signal, code } = await replica.ended;
  for (const timer of [stopping, more, tooLong]) if (timer) clearTimeout(timer);
  if (signal !== 'SIGKILL') stage.result.wrong.push(`ended by itself with ${code ?? signal}, waiting for ${step}`);
  else if (stage.result.missed.length === missed) stage.result.killedAt.push(step);
  else stage.result.killedAtMoments++;
}

const stopWithinMs = 10_000;

async function endsWell({ result }: Stage, replica: Replica): Promise<void> {
  const askedAt = performance.now();
  const cut = setTimeout(() => replica.kill('SIGKILL'), 2 * stopWithinMs);
  const { code, signal } = await replica.ended;
  clearTimeout(cut);
  const ms = performance.now() - askedAt;
  if (code !== 0 || ms > stopWithinMs + 500) {
    result.wrong.push(`asked to stop, it ended with ${code ?? signal} after ${Math.round(ms)} ms`);
  }
}

/** A job throws only when it gets no connection to the database in time, as on a machine that is very busy. */
function note({ result }: Stage, replica: Replica): void {
  for (const step of replica.reached) result.reached.add(step);
  for (const line of replica.log().split('\n')) {
    const threw = line.includes('"job.failed"') && !/connection/i.test(line);
    if (threw || line.includes('"service.stop-failed"')) result.wrong.push(line);
  }
}

/** What the plan has for the one that lives on; its faults are met before the drain takes them away. */
async function close(stage: Stage): Promise<void> {
  const { closing } = stage.options.plan;
  happen(stage, closing);
  if (closing.faults.length === 0) return;
  await until('the faults are met', () => stage.platforms.faults() === 0, 20_000).catch(() => undefined);
}

const drainWithinMs = 300_000;

/** The platforms behave, nobody is killed: in the end all is where it belongs, and nothing waits. */
async function drain(stage: Stage): Promise<void> {
  const { platforms, cast, front, ports, result } = stage;
  const startedAt = performance.now();
  front.behave();
  platforms.clearFaults();
  const complete = async () => {
    if (!cast.finished() || platforms.owed() > 0 || verify(cast, platforms).lost.length > 0) return false;
    return (await metric(`http://127.0.0.1:${ports[0]}`, 'passerelle_backlog')) === 0;
  };
  try {
    await until('all is where it belongs', async () => (await complete()) || (await wait(150)), drainWithinMs);
    await wait(1_500);
  } catch (error) {
    result.wrong.push(`drain: ${error instanceof Error ? error.message : error}; ${platforms.owed()} webhooks owed`);
    result.wrong.push(...(await whatWaits(stage.options.databaseUrl)));
  }
  cast.giveUp();
  result.drainSeconds = (performance.now() - startedAt) / 1_000;
}

/** For whoever has to find out why a drain did not end. */
async function whatWaits(databaseUrl: string): Promise<string[]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const { rows: jobs } = await client.query(
      `select name, state, singleton_key, retry_count, created_on, started_on, start_after, heartbeat_on, now()
       from pgboss.job where state < 'completed' order by name, created_on limit 40`,
    );
    const { rows: deliveries } = await client.query(
      `select d.target, d.message, d.state, d.attempts, d.reason from deliveries d where d.state = 'waiting' limit 40`,
    );
    return [...jobs, ...deliveries].map((row) => JSON.stringify(row));
  } catch (error) {
    return [String(error)];
  } finally {
    await client.end();
  }
}

function counted({ cast, result }: Stage): RoundResult {
  for (const { said, answers, notes } of cast.customers()) {
    result.messages += said.length;
    result.replies += answers.length;
    result.notes += notes;
  }
  return result;
}

/** Where the round keeps its files. */
export const roundFolder = (base: string, round: number): string => join(base, `round-${round}`);

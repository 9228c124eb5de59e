import { webhookPath } from '../demo/channels.ts';
import { readFigures, total } from '../demo/metrics.ts';
import { noSwitches } from '../demo/switches.ts';
import { simulatorsOf, type World } from '../demo/world.ts';
import { type Act, makeDay } from './day.ts';
import { type Fact, is, isTrue } from './fact.ts';
import { OutOfPatience, until } from './patience.ts';
import { type Played, playScene, wrongFacts } from './play-scene.ts';
import { differences, table } from './report.ts';
import type { Scene } from './scene.ts';

type Say = (line: string) => void;

/** Plays the whole day and prints how it went. Returns the exit code: 0 only if everything is as promised. */
export async function playDay(world: World, say: Say, day: Act[] = makeDay()): Promise<number> {
  const began = Date.now();
  const played: Played[] = [];
  const unmet: object[] = [];
  const who = casting();
  for (const act of day) {
    say(`\n${act.title}`);
    played.push(...(await playAct(world, act, who, say)));
    unmet.push(...unmetFaults(world));
    clearUp(world);
  }
  const evening = [...(await settleDown(world, played)), is('faults that met no request', unmet, [])];
  const audited = played.map(stillRight);
  say(`\n${table(audited)}`);
  const wrong = evening.filter((fact) => !isTrue(fact));
  for (const { scene, wrong } of audited) if (wrong.length > 0) say(`\n${differences(scene.name, wrong)}`);
  if (wrong.length > 0) say(`\n${differences('At the end of the day', wrong)}`);
  const failed = audited.filter((one) => one.wrong.length > 0).length;
  say(`\n${await accounts(world)}`);
  say(
    `${played.length - failed} of ${played.length} scenes as promised, in ${Math.round((Date.now() - began) / 1000)} s.`,
  );
  return failed === 0 && wrong.length === 0 ? 0 : 1;
}

/** The scenes of an act, so many at a time, in the order they stand. */
async function playAct(world: World, act: Act, who: Casting, say: Say): Promise<Played[]> {
  const waiting = [...act.scenes];
  const played: Played[] = [];
  const play = async () => {
    for (let scene = waiting.shift(); scene; scene = waiting.shift()) {
      const one = await playScene(world, scene, who(world, scene));
      say(`  ${one.wrong.length === 0 ? 'ok' : '✗ '} ${scene.name} (${one.seconds.toFixed(1)} s)`);
      played.push(one);
    }
  };
  await Promise.all(Array.from({ length: act.together }, play));
  return act.scenes.flatMap((scene) => played.filter((one) => one.scene === scene));
}

type Casting = (world: World, scene: Scene) => { user: string; name: string };

/** A customer of their own for each scene. Numbers go on from the time, so that a kept database never saw them. */
function casting(): Casting {
  const names = [
    'Amélie Durand',
    'ليلى حداد',
    'Sam 🎉 Okafor',
    'Jürgen Groß',
    'Nguyễn Thị Hoa',
    'Σοφία Παππά',
    'José Ñúñez',
  ];
  let next = Date.now();
  return ({ channels }, { on }) => {
    next += 1;
    const sandbox = channels.find((channel) => channel.sandbox.kind === on)?.sandbox;
    // Some numbers have four digits to tell people apart.
    const user = sandbox ? sandbox.user(1 + (Math.floor(next / 1_000) % 9_999)) : `73${next}`;
    return { user, name: names[next % names.length]! };
  };
}

const unmetFaults = (world: World): object[] =>
  Object.entries(simulatorsOf(world)).flatMap(([platform, simulator]) =>
    simulator.faults().map((fault) => ({ platform, ...fault })),
  );

function clearUp(world: World): void {
  const { channels, zendesk } = world;
  for (const simulator of Object.values(simulatorsOf(world))) simulator.clearFaults();
  for (const { simulator } of channels) Object.assign(simulator.webhooks, { copies: 1, holdAndReverse: false });
  Object.assign(zendesk.webhooks, { copies: noSwitches.zendeskCopies, lose: false });
}

/** Waits until nothing is left to do; says what is. Receipts still come for a moment after the last message. */
async function settleDown(world: World, played: readonly Played[]): Promise<Fact[]> {
  let facts: Fact[] = [];
  try {
    await until(
      'rest',
      async () => {
        facts = await endOfDay(world, played);
        return facts.every(isTrue);
      },
      90_000,
    );
  } catch (error) {
    if (!(error instanceof OutOfPatience)) throw error;
  }
  return facts;
}

async function endOfDay(world: World, played: readonly Played[]): Promise<Fact[]> {
  const { backlog, events, parked, paused, ready } = await readFigures(world.service.url);
  return [
    is('the service is ready', ready, true),
    is('webhooks still owed', sum(world.channels.map(({ simulator }) => simulator.webhooks.owed())), 0),
    is('work still waiting', total(backlog), 0),
    is('paused targets', total(paused), 0),
    is('deliveries given up', total(parked), sum(played.map(({ scene }) => scene.givenUp ?? 0))),
    is('events accounted for', total(events['messenger'] ?? {}), acceptedEvents(world)),
  ];
}

/** Messenger's, whose events are counted on the way. */
const acceptedEvents = ({ channels: [messenger], tap }: World): number =>
  messenger ? tap.accepted(webhookPath(messenger)) : 0;

const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0);

/** What held when the scene ended has to hold at the end of the day too: doubles come late. */
function stillRight(one: Played): Played {
  const known = new Set(one.wrong.map((fact) => fact.what));
  const inTheEnd = one.scene.inTheEnd?.(one.stage) ?? [];
  const later = [
    ...wrongFacts(one.scene, one.stage).filter((fact) => !known.has(fact.what)),
    ...inTheEnd.filter((fact) => !isTrue(fact)),
  ];
  return {
    ...one,
    wrong: [...one.wrong, ...later.map((fact) => ({ ...fact, what: `${fact.what} (at the end of the day)` }))],
  };
}

async function accounts(world: World): Promise<string> {
  const { events } = await readFigures(world.service.url);
  const lines = world.channels.map(({ sandbox }) => `  ${sandbox.label}: ${listed(events[sandbox.kind] ?? {})}`);
  return ['Events accounted for', ...lines, `  Messenger’s in webhooks answered 200: ${acceptedEvents(world)}`].join(
    '\n',
  );
}

function listed(outcomes: Record<string, number>): string {
  const each = Object.entries(outcomes).map(([outcome, n]) => `${n} ${outcome}`);
  return `${total(outcomes)} (${each.join(', ') || 'none'})`;
}

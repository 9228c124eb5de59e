import { type Step, steps } from '../../src/kit/step.ts';
import type { Fault } from '../../src/sandbox/simulator.ts';
import { type Random, random } from './random.ts';

/** How a life of the service ends. */
export type End =
  /** Killed as it reaches a step for the `count`th time. */
  | { by: 'step'; step: Step; count: number }
  /** Killed so long after it was started, in milliseconds. */
  | { by: 'moment'; afterMs: number }
  /** Asked to stop (SIGTERM) so long after it was ready; it must have ended by itself within 10 s. */
  | { by: 'request'; afterMs: number };

export type Deed = 'writes' | 'sends a file' | 'is answered' | 'is answered with a file' | 'is noted';

export interface Act {
  customer: string;
  page: number;
  deed: Deed;
  /** After the customer's last act. */
  pauseMs: number;
  /** Of the file, if there is one; unlike that of any other file of the round. */
  bytes: number;
}

export type Platform = 'messenger' | 'zendesk' | 'salesforce';
export interface PlannedFault {
  platform: Platform;
  page: number;
  fault: Fault;
}

export interface Happenings {
  acts: Act[];
  faults: PlannedFault[];
}

export interface Life extends Happenings {
  end: End;
  /** What happens besides when the step at which it is to end was not reached after a while: another process met it. */
  again: Happenings;
}

export interface RoundPlan {
  seed: number;
  round: number;
  lives: Life[];
  /** What happens to the one that is not killed, before the drain. */
  closing: Happenings;
}

export interface PlanOptions {
  seed: number;
  kills: number;
  /** Which round of the run. */
  round: number;
  /** Leaves out what takes the product over half a minute to settle, so that a test need not wait for it. */
  brisk: boolean;
}

export const pages = 2;
export const killsPerRound = 25;
export const allSteps = Object.keys(steps) as Step[];
/** Only an empty database is migrated: a round's first life ends here. */
const once: Step = 'start.migrating';

/** All that a round is going to do, drawn from the seed before anything starts. */
export function planRound(options: PlanOptions): RoundPlan {
  const draw = random(options.seed, `round ${options.round}`);
  const lives: Life[] = [];
  const cast: Act['customer'][] = [];
  let files = 0;
  const inFull = (acts: readonly Draft[]): Act[] =>
    acts
      .filter(({ deed }) => !options.brisk || deed !== 'is answered with a file')
      .map((act) => ({ ...act, page: pageOf(act.customer), bytes: 40_000 + 101 * files++ }));
  for (const [n, end] of endsOf(options, draw).entries()) {
    const newcomer = `c${options.round}x${2 * n}`;
    const another = `c${options.round}x${2 * n + 1}`;
    const acts = inFull([...actsFor(newcomer, end, draw), ...actsOfOthers(cast, options, draw)]);
    const again = { acts: inFull(actsFor(another, end, draw)), faults: neededFor(end, draw) };
    cast.push(newcomer);
    lives.push({ end, acts, faults: faultsFor(end, options, draw), again });
  }
  const { seed, round } = options;
  return { seed, round, lives, closing: options.brisk ? closingOf(options, inFull, draw) : nothing };
}

const nothing: Happenings = { acts: [], faults: [] };

/** Brings about every look-up, so that also a short run passes all steps. */
function closingOf({ round }: PlanOptions, inFull: (acts: readonly Draft[]) => Act[], draw: Random): Happenings {
  const lookUps: Step[] = ['ticket.sought', 'comment.sought', 'send.sought'];
  const ends = lookUps.map((step): End => ({ by: 'step', step, count: 1 }));
  const acts = ends.flatMap((end, n) => actsFor(`c${round}x${1_000 + 2 * n}`, end, draw));
  return { acts: inFull(acts), faults: ends.flatMap((end) => neededFor(end, draw)) };
}

const pageOf = (customer: string): number => Math.floor(Number(customer.split('x')[1]) / 2) % pages;

/** Where something has happened outside that the ledger does not know of, or was promised. */
const dearest: Step[] = [
  'door.committed',
  'events.applied',
  'media.kept',
  'ticket.created',
  'comment.added',
  'contact.created',
  'history.written',
  'replies.taken',
  'send.asking',
  'send.answered',
];

/** Four in five at a step, each step in turn; the rest at a random moment; and a stop on request now and then besides. */
function endsOf({ seed, kills, round, brisk }: PlanOptions, draw: Random): End[] {
  const rotation = random(seed, 'steps').shuffled(brisk ? dearest : allSteps.filter((step) => step !== once));
  const ends: End[] = [{ by: 'step', step: once, count: draw.whole(1, 18) }];
  const perRound = Math.round((killsPerRound - 1) * 0.8);
  let next = round * perRound;
  const atSteps = Math.round((kills - 1) * 0.8);
  const kinds = draw.shuffled(Array.from({ length: kills - 1 }, (_, i) => i < atSteps));
  for (const atStep of kinds) {
    if (atStep) ends.push({ by: 'step', step: rotation[next++ % rotation.length]!, count: draw.chance(0.75) ? 1 : 2 });
    else ends.push({ by: 'moment', afterMs: draw.whole(200, 3_500) });
    if (draw.chance(0.08)) ends.push({ by: 'request', afterMs: draw.whole(100, 1_500) });
  }
  return ends.map((end) => (end.by === 'step' && countless(end.step) ? { ...end, count: 1 } : end));
}

/** Reached once a life. */
const countless = (step: Step) => step.startsWith('stop.') || (step.startsWith('start.') && step !== once);

type Draft = Pick<Act, 'customer' | 'deed' | 'pauseMs'>;

/** What a newcomer and their agent do, beginning with what brings the service to the step at which it is to die. */
function actsFor(customer: string, end: End, draw: Random): Draft[] {
  const deeds: Deed[] = [
    ...leadingTo(end),
    ...draw.shuffled<Deed>(['writes', 'is answered', 'is noted']),
    ...(draw.chance(0.3) ? (['sends a file'] as const) : []),
    ...(draw.chance(0.15) ? (['is answered with a file'] as const) : []),
  ];
  return deeds.map((deed) => ({ customer, deed, pauseMs: draw.whole(0, 200) }));
}

function leadingTo(end: End): Deed[] {
  const [about] = end.by === 'step' ? end.step.split('.') : ['random'];
  switch (about) {
    case 'media':
    case 'upload':
      return ['sends a file'];
    case 'replies':
    case 'send':
      return ['writes', 'is answered', 'is answered'];
    case 'comment':
      return ['writes', 'is noted', 'writes'];
    default:
      return ['writes'];
  }
}

/** Those who wrote in earlier lives go on. */
function actsOfOthers(cast: readonly string[], { brisk }: PlanOptions, draw: Random): Draft[] {
  const lately = cast.slice(-8);
  if (lately.length === 0) return [];
  return Array.from({ length: draw.whole(0, brisk ? 2 : 4) }, () => ({
    customer: draw.pick(lately),
    deed: draw.pick<Deed>(['writes', 'writes', 'sends a file', 'is answered', 'is noted']),
    pauseMs: draw.whole(0, 400),
  }));
}

type Target = Omit<PlannedFault, 'fault' | 'page'> & {
  method: string;
  path: string;
  times?: number;
  without?: Fault['kind'][];
};

/** Salesforce's limit is for a day: what meets it is tried again a quarter of an hour later. */
const usedUp: Fault['kind'][] = ['429', '503'];
const targets = {
  'ticket creation': { platform: 'zendesk', method: 'POST', path: '/api/v2/tickets' },
  comment: { platform: 'zendesk', method: 'PUT', path: '/tickets/' },
  upload: { platform: 'zendesk', method: 'POST', path: '/uploads' },
  person: { platform: 'zendesk', method: 'POST', path: '/users' },
  'reading comments': { platform: 'zendesk', method: 'GET', path: '/comments' },
  'looking up': { platform: 'zendesk', method: 'GET', path: '/audits' },
  'contact search': { platform: 'salesforce', method: 'GET', path: '/query', without: usedUp },
  contact: { platform: 'salesforce', method: 'PATCH', path: '/sobjects/Contact', without: usedUp },
  task: { platform: 'salesforce', method: 'PATCH', path: '/sobjects/Task', without: usedUp },
  // Seen and typing go first. An account whose token is refused rests for half a minute.
  send: { platform: 'messenger', method: 'POST', path: '/messages', times: 3, without: ['expired-token'] },
  'thread look-up': { platform: 'messenger', method: 'GET', path: '/conversations', without: ['expired-token'] },
  media: { platform: 'messenger', method: 'GET', path: '/media/', without: ['expired-token', '429'] },
  profile: { platform: 'messenger', method: 'GET', path: '/9', without: ['expired-token'] },
} as const satisfies Record<string, Target>;

const kinds: readonly Fault['kind'][] = [
  '429',
  '500',
  '503',
  'slow',
  'timeout-before',
  'timeout-after',
  'reset-before',
  'reset-after',
  '500-after',
  'expired-token',
];

function faultsFor(end: End, { brisk }: PlanOptions, draw: Random): PlannedFault[] {
  const needed = neededFor(end, draw);
  const more = Array.from({ length: draw.whole(0, brisk ? 1 : 2) }, () => {
    const target: Target = draw.pick(Object.values(targets));
    return faultOn(target, draw.pick(kinds.filter((kind) => !target.without?.includes(kind))), draw);
  });
  return [...needed, ...more];
}

/** Nothing is looked up unless an answer was lost. */
function neededFor(end: End, draw: Random): PlannedFault[] {
  if (end.by !== 'step') return [];
  const lost = draw.pick(['reset-after', 'timeout-after', '500-after', 'reset-before', 'timeout-before'] as const);
  if (end.step === 'ticket.sought') return [faultOn(targets['ticket creation'], lost, draw)];
  if (end.step === 'comment.sought') return [faultOn(targets.comment, lost, draw)];
  // What arrived is told by its echo before anybody has to look.
  if (end.step !== 'send.sought') return [];
  const unseen = draw.pick(['reset-before', 'timeout-before'] as const);
  return Array.from({ length: pages }, (_, page) => ({ ...faultOn(targets.send, unseen, draw), page }));
}

function faultOn({ platform, method, path, times = 1 }: Target, kind: Fault['kind'], draw: Random): PlannedFault {
  const delayMs = kind === 'slow' ? draw.whole(200, 1_500) : draw.whole(100, 500);
  // Meta counts in minutes: one would be waited out.
  const retryAfter = platform === 'messenger' ? 0 : 1;
  return { platform, page: draw.whole(0, pages - 1), fault: { kind, method, path, times, delayMs, retryAfter } };
}

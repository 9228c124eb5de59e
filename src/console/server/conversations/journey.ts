import type { ThreadBubble, ThreadDelivery, ThreadFile, ThreadMessage } from '../../../store/thread.ts';
import type { JourneyStep, StepState } from '../../wire/conversations.ts';

const step = (
  what: JourneyStep['what'],
  state: StepState,
  at: string | null,
  more: Partial<JourneyStep> = {},
): JourneyStep => ({ what, state, at, where: null, reason: null, tries: 0, replays: 0, ...more });

/**
 * What became of a message, in the order in which it goes its way: written, received, its files, the helpdesk, the CRM; an
 * answer sent, delivered, read.
 */
export function journeyOf(message: ThreadMessage): JourneyStep[] {
  const { author, kind, occurred_at, received_at, files, deliveries, bubbles } = message;
  const received = step('received', 'done', received_at.toISOString());
  const begun = author === 'customer' && kind === 'said' ? [step('written', 'done', occurred_at.toISOString())] : [];
  return [
    ...begun,
    received,
    ...files.map(fileStep),
    ...deliveries.filter(({ target }) => !target.startsWith('channel:')).map(deliveryStep),
    ...deliveries.filter(({ target }) => target.startsWith('channel:')).flatMap((each) => replySteps(each, bubbles)),
  ];
}

const fileStates = { waiting: 'waiting', stored: 'done', failed: 'parked', expired: 'skipped' } as const;

const fileStep = ({ name, state, reason, at }: ThreadFile): JourneyStep =>
  step('file', fileStates[state], iso(at), { where: name, reason });

const deliveryStep = ({ target, state, reason, attempts, replays, at }: ThreadDelivery): JourneyStep => {
  const [kind = '', where = ''] = split(target);
  return step(kind as JourneyStep['what'], state, iso(at), { where, reason, tries: attempts, replays });
};

/** Each as of the bubble that is the furthest behind: a reply has arrived when all of it has. */
function replySteps(delivery: ThreadDelivery, bubbles: readonly ThreadBubble[]): JourneyStep[] {
  const whole = deliveryStep(delivery);
  if (bubbles.length === 0) return [whole];
  const bad = bubbles.find(({ state }) => state === 'failed' || state === 'unsure');
  const more = { where: whole.where, tries: whole.tries, replays: whole.replays };
  if (bad)
    return [
      step('sent', bad.state === 'unsure' ? 'unsure' : 'parked', whole.at ?? iso(bad.started), {
        ...more,
        // The reason of a file may name the file, which is an agent's word.
        reason: bad.isText ? bad.reason : 'a file of it could not be sent',
      }),
    ];
  const sent = latestOf(bubbles, 'sent');
  if (!sent) return [step('sending', 'waiting', latestOf(bubbles, 'started'), { ...more, reason: whole.reason })];
  return [
    step('sent', 'done', sent, more),
    ...(['delivered', 'read'] as const).flatMap((what) => {
      const at = latestOf(bubbles, what);
      return at ? [step(what, 'done', at)] : [];
    }),
  ];
}

/** When all bubbles had come so far; null while one has not. */
function latestOf(bubbles: readonly ThreadBubble[], what: 'started' | 'sent' | 'delivered' | 'read'): string | null {
  const times = bubbles.map((bubble) => bubble[what]);
  if (times.includes(null)) return null;
  return new Date(Math.max(...times.map((time) => Date.parse(time!)))).toISOString();
}

const iso = (at: string | null): string | null => (at === null ? null : new Date(at).toISOString());

const split = (target: string): [string, string] => {
  const colon = target.indexOf(':');
  return [target.slice(0, colon), target.slice(colon + 1)];
};

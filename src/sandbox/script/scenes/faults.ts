import type { Platform } from '../../demo/switches.ts';
import type { Fault } from '../../simulator.ts';
import { is } from '../fact.ts';
import { document, photo } from '../sample-files.ts';
import { answers, broughtOver, noFailure, onTicket, receives, type Scene, type Stage, writes } from '../scene.ts';

type Place = { platform: Platform; method: string; path: string; times?: number };

/** Everything that happens between a customer's first message and an agent's answer, in the order it happens. */
const opening: Place[] = [
  { platform: 'zendesk', method: 'POST', path: '/users' },
  { platform: 'zendesk', method: 'POST', path: '/uploads' },
  { platform: 'zendesk', method: 'POST', path: '/tickets' },
  { platform: 'salesforce', method: 'GET', path: '/query' },
  { platform: 'salesforce', method: 'PATCH', path: '/sobjects/Contact' },
  { platform: 'salesforce', method: 'PATCH', path: '/sobjects/Task' },
];
const goingOn: Place[] = [{ platform: 'zendesk', method: 'PUT', path: '/tickets/' }];
const answering: Place[] = [
  { platform: 'zendesk', method: 'GET', path: '/comments' },
  { platform: 'messenger', method: 'POST', path: '/message_attachments' },
  // "Seen" and "typing" go there first, then the reply.
  { platform: 'messenger', method: 'POST', path: '/messages', times: 3 },
];

const picture = photo(77);
const reply = document('reply.pdf');
const patience = 120_000;

type Failing = Omit<Fault, 'times'>;

/** A whole conversation in which the platforms fail once in this way wherever they are called. */
function faultScene(name: string, fault: Failing, spared: (place: Place) => boolean = () => false): Scene {
  return {
    name: `${name}: wherever a call can fail so`,
    patience,
    play: async (stage) => {
      const failing = (place: Place) => !spared(place);
      injectAt(stage, opening.filter(failing), fault);
      await stage.customer.sends({ type: 'image', files: [picture], text: 'Look at this' });
      await onTicket(stage, 'Look at this');
      injectAt(stage, goingOn.filter(failing), fault);
      await writes(stage, 'and this');
      injectAt(stage, answering.filter(failing), fault);
      await answers(stage, '<p>I see.</p>', { files: [reply] });
      await receives(stage, 2, patience);
    },
    expect: (stage) => exactlyOnce(stage),
  };
}

function injectAt({ world }: Stage, places: Place[], fault: Failing): void {
  for (const { platform, method, path, times = 1 } of places) {
    world[platform].inject({ ...fault, method, path, times });
  }
}

function exactlyOnce(stage: Stage) {
  const { customer } = stage;
  return [
    ...broughtOver(stage, 'Look at this', 'and this'),
    is(
      'files on the ticket',
      customer.comments().flatMap((comment) => comment.attachments.map(({ bytes }) => bytes)),
      [picture.bytes.length],
    ),
    is(
      'bubbles',
      customer.received().map(({ text, attachments }) => text ?? attachments[0]?.bytes),
      ['I see.', reply.bytes.length],
    ),
    ...noFailure(stage),
  ];
}

const quick = { delayMs: 700 };

/** Salesforce counts calls by the day: one refusal means a long wait, and rightly so. Messenger wants a minute each time. */
export const tooMany: Scene = faultScene(
  'Too many requests (429)',
  { kind: '429', retryAfter: 1 },
  ({ platform, path }) => platform === 'salesforce' || path === '/message_attachments',
);

export const faults: Scene[] = [
  faultScene('An error (500)', { kind: '500' }),
  faultScene('Out of service (503)', { kind: '503', retryAfter: 1 }),
  faultScene('An error after the work was done', { kind: '500-after' }),
  faultScene('Slow', { kind: 'slow', ...quick }),
  faultScene('No answer, nothing done', { kind: 'timeout-before', ...quick }),
  faultScene('No answer, but it was done', { kind: 'timeout-after', ...quick }),
  faultScene('Cut off, nothing done', { kind: 'reset-before' }),
  faultScene('Cut off, but it was done', { kind: 'reset-after' }),
  // A page token cannot be had anew without a person: that is a scene of its own.
  faultScene('Expired token', { kind: 'expired-token' }, ({ platform }) => platform === 'messenger'),
];

/** As long as it takes until the service itself gives up waiting. */
const hold = 17_000;

export const realTimeOut: Scene = {
  name: 'A real time-out after a ticket was opened and a reply sent',
  patience,
  play: async (stage) => {
    stage.world.zendesk.inject({ kind: 'timeout-after', method: 'POST', path: '/tickets', times: 1, delayMs: hold });
    await stage.customer.says('Are you still there?');
    await onTicket(stage, 'Are you still there?');
    stage.world.messenger.inject({ kind: 'timeout-after', method: 'POST', path: '/messages', times: 3, delayMs: hold });
    await answers(stage, '<p>Always.</p>');
    await receives(stage, 1, patience);
  },
  expect: (stage) => [
    ...broughtOver(stage, 'Are you still there?'),
    is(
      'bubbles',
      stage.customer.received().map((bubble) => bubble.text),
      ['Always.'],
    ),
    ...noFailure(stage),
  ],
};

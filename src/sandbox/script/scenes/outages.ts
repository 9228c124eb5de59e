import { setTimeout as wait } from 'node:timers/promises';
import { holds, is } from '../fact.ts';
import { until } from '../patience.ts';
import { answers, broughtOver, noFailure, receives, type Scene, writes } from '../scene.ts';

/** How long something is broken: long enough that it is tried and seen to be. */
const while_ = 2_500;
const patience = 75_000;

const messengerToken: Scene = {
  name: 'Messenger’s token dies and is renewed: the reply waits and arrives once',
  patience,
  play: async (stage) => {
    await writes(stage, 'I will wait');
    stage.world.messenger.expireToken(true);
    try {
      await answers(stage, '<p>Thank you for waiting.</p>');
      await wait(while_);
    } finally {
      stage.world.messenger.expireToken(false);
    }
    await receives(stage, 1, patience);
  },
  expect: (stage) => [
    ...broughtOver(stage, 'I will wait'),
    is(
      'bubbles',
      stage.customer.received().map((bubble) => bubble.text),
      ['Thank you for waiting.'],
    ),
  ],
};

const zendeskToken: Scene = {
  name: 'Zendesk refuses its token for a while',
  patience,
  play: async (stage) => {
    await writes(stage, 'before the outage');
    stage.world.zendesk.expireToken(true);
    try {
      await stage.customer.says('during the outage');
      await wait(while_);
    } finally {
      stage.world.zendesk.expireToken(false);
    }
    await stage.customer.says('after the outage');
  },
  expect: (stage) => [
    ...broughtOver(stage, 'before the outage', 'during the outage', 'after the outage'),
    ...noFailure(stage),
  ],
};

const salesforceSession: Scene = {
  name: 'Salesforce ends the session',
  patience,
  play: async (stage) => {
    await writes(stage, 'in one session');
    await until('history', () => stage.customer.transcript().includes('in one session'), patience);
    stage.world.salesforce.expireSession();
    await stage.customer.says('in the next');
  },
  expect: (stage) => [...broughtOver(stage, 'in one session', 'in the next'), ...noFailure(stage)],
};

/** Salesforce being down delays history, never the ticket. */
function salesforceDownScene(): Scene {
  const meanwhile: boolean[] = [];
  return {
    name: 'Salesforce is down: tickets go on, history follows',
    patience,
    play: async (stage) => {
      const { salesforce } = stage.world;
      salesforce.refuseLogin(true);
      salesforce.expireSession();
      try {
        await writes(stage, 'Salesforce sleeps');
        await wait(while_);
        meanwhile.push(stage.customer.tasks().length === 0);
      } finally {
        salesforce.refuseLogin(false);
      }
    },
    expect: (stage) => [
      holds('nothing was written meanwhile', meanwhile.every(Boolean)),
      ...broughtOver(stage, 'Salesforce sleeps'),
      ...noFailure(stage),
    ],
  };
}

/** Each breaks another platform, so that they can be played together. */
export const outages = (): Scene[] => [messengerToken, zendeskToken, salesforceSession, salesforceDownScene()];

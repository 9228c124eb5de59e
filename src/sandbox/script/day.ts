import { setTimeout as wait } from 'node:timers/promises';
import { playable } from '../demo/channels.ts';
import type { Scene } from './scene.ts';
import { agentAnswers } from './scenes/agent-answers.ts';
import { campaign } from './scenes/campaign.ts';
import { contacts } from './scenes/contacts.ts';
import { customerWrites } from './scenes/customer-writes.ts';
import { thereAndBack } from './scenes/every-channel.ts';
import { faults, realTimeOut, tooMany } from './scenes/faults.ts';
import { forgedScene } from './scenes/forged.ts';
import { identity } from './scenes/identity.ts';
import { mailedCode } from './scenes/mailed-code.ts';
import { mappingChanges } from './scenes/mapping.ts';
import { matching } from './scenes/matching.ts';
import { outages } from './scenes/outages.ts';
import { salesforceAgents } from './scenes/salesforce-agents.ts';
import { shop } from './scenes/shop.ts';
import { ticketLife } from './scenes/ticket-life.ts';
import { slowWebhooks, webhooks } from './scenes/webhooks.ts';

/** Scenes that can be played side by side, `together` at a time. */
export interface Act {
  title: string;
  scenes: Scene[];
  together: number;
}

/** The day, act by act. What breaks a platform for everybody has its act to itself. */
export const makeDay = (): Act[] => [
  {
    title: 'An ordinary morning',
    scenes: [
      ...customerWrites,
      ...agentAnswers,
      ...ticketLife,
      ...contacts,
      ...identity,
      ...mappingChanges,
      ...matching(),
      salesforceAgents(),
      forgedScene(),
    ],
    together: 6,
  },
  { title: 'Who writes is asked for an e-mail address', scenes: [mailedCode], together: 1 },
  { title: 'A shop tells of its orders', scenes: [campaign(), ...shop], together: 3 },
  { title: 'Every channel, there and back', scenes: playable.map(thereAndBack), together: playable.length },
  { title: 'Webhooks misbehave', scenes: webhooks, together: 1 },
  {
    title: 'Accounts break, and some things take a minute',
    scenes: [...outages(), ...[tooMany, ...slowWebhooks].map(onceMended)],
    together: 6,
  },
  { title: 'Every call fails once', scenes: [realTimeOut, ...faults], together: 6 },
];

/** Played beside the outages, which are over by then though not yet overcome: both take their time. */
const onceMended = (scene: Scene): Scene => ({
  ...scene,
  play: async (stage) => {
    await wait(5_000);
    await scene.play(stage);
  },
});

import type { Scene } from './scene.ts';
import { agentAnswers } from './scenes/agent-answers.ts';
import { contacts } from './scenes/contacts.ts';
import { customerWrites } from './scenes/customer-writes.ts';
import { faults, realTimeOut, tooMany } from './scenes/faults.ts';
import { forgedScene } from './scenes/forged.ts';
import { outages } from './scenes/outages.ts';
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
    scenes: [...customerWrites, ...agentAnswers, ...ticketLife, ...contacts, forgedScene()],
    together: 6,
  },
  { title: 'Webhooks misbehave', scenes: webhooks, together: 1 },
  { title: 'Accounts break', scenes: outages(), together: 4 },
  { title: 'Some things take a minute', scenes: [tooMany, realTimeOut, ...slowWebhooks], together: 3 },
  { title: 'Every call fails once', scenes: faults, together: 6 },
];

import { setTimeout as wait } from 'node:timers/promises';
import { applyMapping, textInForce } from '../crm-admin.ts';
import { holds, is } from '../fact.ts';
import { until } from '../patience.ts';
import { receives, type Scene, type Stage, writes } from '../scene.ts';

const addressOf = ({ customer }: Stage) => `${customer.user}@mail.example`;
const mailsTo = (stage: Stage) => stage.world.mail.mails().filter(({ to }) => to.includes(addressOf(stage)));

/** A new version holds within a second. */
const inForce = () => wait(1_500);

/** Everybody who writes is asked while it is played, so it has its act to itself. */
export const mailedCode: Scene = {
  name: 'An e-mail address is verified by a mailed code',
  play: async (stage) => {
    const { customer } = stage;
    const before = await textInForce(stage);
    await applyMapping(stage, `${before}\nidentity:\n  askForEmail: true\n`, 'asks for e-mails');
    try {
      await inForce();
      await writes(stage, 'Hello');
      await receives(stage, 1);
      await customer.says(`it is ${addressOf(stage)}`);
      const mail = await until('the mail', () => mailsTo(stage)[0]);
      await receives(stage, 2);
      await customer.says(/\b\d{6}\b/.exec(mail.text)?.[0] ?? 'no code');
      await receives(stage, 3);
      await until('the note', () => customer.notes().some(({ body }) => body.includes('is verified')));
    } finally {
      await applyMapping(stage, before, 'as before');
      await inForce();
    }
  },
  expect: (stage) => {
    const { customer } = stage;
    return [
      is('mails', mailsTo(stage).length, 1),
      is('bubbles: the question, that a code was mailed, that it was right', customer.received().length, 3),
      holds(
        'agents are told that it is verified',
        customer.notes().some(({ body }) => body.includes(`${addressOf(stage)} is verified`)),
      ),
    ];
  },
};

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { telegram } from '../../src/channels/registry.ts';
import { agreedTo, type ConsentAct, everything } from '../../src/domain/consent.ts';
import { days, hours, minutes } from '../../src/domain/duration.ts';
import type { NoticeRules } from '../../src/domain/notice-rules.ts';
import { loudFrom } from '../../src/domain/quiet-hours.ts';
import { judgeSending } from '../../src/flows/judge-sending.ts';
import type { World } from '../../src/flows/world.ts';
import { setAttributes } from '../../src/store/attributes.ts';
import { consentStates, recordConsent } from '../../src/store/consents.ts';
import { beginConversation } from '../../src/store/conversations.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { freshDatabase } from '../support/database.ts';
import { holds } from '../support/kept-seeds.ts';

const account = { id: 'acme-bot', kind: 'telegram' };
const quietHours = { from: 21 * 60, to: 8 * 60, exceptUrgent: false };
const zones = ['Europe/Oslo', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'];
const most = 3;
const per = days(1);
const rules: NoticeRules = {
  ...{ defaultTimeZone: 'UTC', quietHours, spacing: minutes(20), sameWithin: hours(24), doubleOptIn: [], lists: [] },
  caps: [{ purpose: 'marketing', most, per }],
  words: new Map(),
};

let database: Awaited<ReturnType<typeof freshDatabase>>;
let db: Database;
let world: Pick<World, 'db' | 'channels' | 'notices' | 'policy'>;
beforeAll(async () => {
  database = await freshDatabase();
  db = openDatabase(database.url, 8);
  const channels = new Map([[account.id, { channel: telegram, account }]]) as unknown as World['channels'];
  world = { db, channels, notices: rules, policy: new Map() };
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

const start = Date.UTC(2026, 2, 27);
const minute = fc.integer({ min: 0, max: 4 * 24 * 60 });
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constantFrom<ConsentAct>('granted', 'revoked'),
      purpose: fc.constantFrom('marketing', everything),
    }),
  },
  { weight: 5, arbitrary: fc.record({ sends: fc.array(minute, { minLength: 1, maxLength: 5 }) }) },
);
const story = fc.record({ zone: fc.constantFrom(...zones), steps: fc.array(step, { minLength: 3, maxLength: 12 }) });

let people = 0;
async function someone(zone: string) {
  const user = `g-${++people}`;
  const { id, customer } = await db.transaction().execute((tx) => beginConversation(tx, account.id, user));
  await setAttributes(db, account.id, user, { timeZone: zone });
  return { conversation: id, customer: customer.id };
}

test('nothing goes after a no, in quiet hours or above a cap, whatever comes in which order and at once', async () => {
  await holds(
    'gate',
    fc.asyncProperty(story, async ({ zone, steps }) => {
      const { conversation, customer } = await someone(zone);
      const sent: Date[] = [];
      let acts = 0;
      for (const each of steps) {
        if ('act' in each) {
          const at = new Date(start - days(1) + acts++);
          const act = { customer, channel: 'telegram', at, source: 'keyword', by: 'customer', ...each } as const;
          await db.transaction().execute((tx) => recordConsent(tx, act));
          continue;
        }
        const allowed = agreedTo(await consentStates(db, customer), 'telegram', 'marketing').agreed;
        const times = each.sends.map((n) => new Date(start + minutes(n)));
        const verdicts = await Promise.all(
          times.map((at, n) =>
            judgeSending(world, {
              ...{ conversation, purpose: 'marketing', kind: 'campaign', form: 'free', at },
              key: `${customer}:${sent.length}:${n}:${Math.random()}`,
            }),
          ),
        );
        const went = times.filter((_, n) => verdicts[n]?.verdict === 'send');
        if (!allowed) expect(went).toEqual([]);
        for (const at of went) expect(loudFrom(quietHours, [zone], at)).toEqual(at);
        sent.push(...went);
        for (const verdict of verdicts)
          if (verdict.verdict === 'wait' && verdict.because === 'quiet-hours')
            expect(loudFrom(quietHours, [zone], verdict.until)).toEqual(verdict.until);
      }
      for (const at of sent) {
        const inStretch = sent.filter((each) => each <= at && each.getTime() > at.getTime() - per);
        expect(inStretch.length).toBeLessThanOrEqual(most);
      }
    }),
    25,
  );
});

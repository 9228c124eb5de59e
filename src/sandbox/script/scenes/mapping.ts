import { api, textInForce } from '../crm-admin.ts';
import { holds, is } from '../fact.ts';
import { until } from '../patience.ts';
import { onTicket, type Scene, writes } from '../scene.ts';

const asked = 'My purple umbrella broke';
/** Only this scene's customer speaks of umbrellas. */
const rule = `
routing:
  - name: umbrellas
    when: { text: { words: umbrella } }
    set: { group: VIP, priority: high, tags: [umbrella] }
`;

const vip = 360_000_100_002;

const live: Scene = {
  name: 'A mapping is changed while all goes on',
  play: async (stage) => {
    const { customer, world } = stage;
    const before = await writes(stage, `${asked} today`);
    const wrong = await api(stage, 'POST', '/v1/mapping/versions', {
      text: `${await textInForce(stage)}${rule}routin: x`,
    });
    if (wrong['result'] !== 'wrong') throw new Error('a mapping with a mistake was applied');
    await api(stage, 'POST', '/v1/mapping/versions', {
      text: `${await textInForce(stage)}${rule}`,
      comment: 'umbrellas',
    });
    world.zendesk.setStatus(before.id, 'closed');
    await customer.says(`${asked} again`);
    await onTicket(stage, `${asked} today`, `${asked} again`);
    await until('the second ticket', () => customer.tickets().length === 2);
  },
  expect: ({ customer }) => {
    const [before, after] = customer.tickets();
    return [
      is('tickets', customer.tickets().length, 2),
      is('where the first one went, before', before?.fields['group_id'] ?? null, null),
      is('where the second one went', [after?.fields['group_id'], after?.fields['priority']], [vip, 'high']),
      holds(
        'the rule’s tag is on the second alone',
        !before?.tags.includes('umbrella') && after?.tags.includes('umbrella') === true,
      ),
      is('history entries', customer.tasks().length, 2),
    ];
  },
};

export const mappingChanges: Scene[] = [live];

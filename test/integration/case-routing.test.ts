import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SalesforceRecord } from '../../src/sandbox/contract.ts';
import { commandLine } from '../support/command-line.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct({
    cases: { crm: 'acme-salesforce' },
    mapping: {
      routing: [
        { when: { text: { words: 'refund' } }, set: { group: 'Returns and Refunds', priority: 'urgent' } },
        { when: { text: { words: 'alice' } }, set: { assignee: 'alice@acme.example' } },
        { when: { text: { words: 'nowhere' } }, set: { group: 'Nowhere' } },
        { set: { group: 'Support' } },
      ],
    },
  });
});
afterAll(() => product?.stop());

const named = (object: string, field: string, value: string) =>
  product.salesforce.records(object).find((record) => record[field] === value)?.Id;

async function opened(psid: string, text: string): Promise<SalesforceRecord> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  await product.messenger.customerSends(psid, { type: 'text', text });
  return until('a Case', () =>
    product.salesforce
      .records('Case')
      .find(({ Passerelle_Key__c: key }) => String(key).startsWith(`messenger:acme-page:${psid}:`)),
  );
}
const commentsOn = ({ Id }: SalesforceRecord) =>
  product.salesforce.records('CaseComment').filter(({ ParentId }) => ParentId === Id);

test('a Case goes to the queue or the person that the mapping names, with its priority', async () => {
  expect(await opened('100', 'a refund please')).toMatchObject({
    OwnerId: named('Group', 'Name', 'Returns and Refunds'),
    Priority: 'High',
  });
  expect(await opened('101', 'is alice there?')).toMatchObject({
    OwnerId: named('User', 'Email', 'alice@acme.example'),
    Priority: 'Medium',
  });
  expect(await opened('102', 'hello')).toMatchObject({ OwnerId: named('Group', 'Name', 'Support') });
});

test('a name that is not there holds no Case up: it is told on it', async () => {
  const opening = await opened('103', 'nowhere');
  await until('a note', () =>
    commentsOn(opening).some(({ CommentBody }) =>
      String(CommentBody).includes('there is no queue for Cases “Nowhere”'),
    ),
  );
  expect(commentsOn(opening)[0]?.['CommentBody']).toContain('nowhere');
});

test('what the mapping names wrongly is told beforehand', async () => {
  const file = join(product.folder, 'draft.yaml');
  const check = async (yaml: string) => {
    writeFileSync(file, yaml);
    const ended = await commandLine(product.file, product.databaseUrl, ['mapping', 'check', file, '--live']);
    return ended.err.replaceAll(`${file}:`, '').split('\n').slice(0, -1);
  };
  expect(
    await check('routing: [{ set: { group: returns and refunds, assignee: bob@acme.example, priority: low } }]'),
  ).toEqual([]);
  expect(await check('routing: [{ set: { group: Returns and Refund } }]')).toEqual([
    '1:27 routing[0].set.group: there is no such group (expected: Returns and Refunds)',
    '1 mistake in the mapping.',
  ]);
  expect(await check('routing: [{ set: { assignee: carol@acme.example } }]')).toEqual([
    expect.stringContaining('routing[0].set.assignee: there is no agent of this e-mail address'),
    '1 mistake in the mapping.',
  ]);
});

import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CrmSession } from '../crms/crm.ts';
import { salesforce } from '../crms/salesforce/crm.ts';
import { startTestOrg, type TestOrg } from '../sandbox/salesforce/org-for-tests.ts';
import { isApiName, soqlText } from './soql.ts';

let org: TestOrg;
let session: CrmSession;
beforeAll(async () => {
  org = await startTestOrg();
  session = salesforce.connect(salesforce.account.parse(org.settings), org.tools);
});
afterAll(() => org.close());

const literals: [string, string | undefined][] = [
  ['plain', "'plain'"],
  ["O'Neil", "'O\\'Neil'"],
  ["\\' OR Name != '", "'\\\\\\' OR Name != \\''"],
  ['a\nb\rc\td', "'a\\nb\\rc\\td'"],
  ['100%_', "'100%_'"],
  ['', undefined],
  ['a\0b', undefined],
  ['\ud83d', undefined],
  ['x'.repeat(256), undefined],
];
test.each(literals)('%j as a literal', (value, literal) => expect(soqlText(value)).toBe(literal));

test.each([
  ['Email', true],
  ['Passerelle_Key__c', true],
  ['Account.Name', false],
  ["Name = ''", false],
  ['1st', false],
  ['', false],
])('%j as a name: %s', (name, is) => expect(isApiName(name)).toBe(is));

/** Texts rich in what could break out of a literal. */
const nasty = fc.oneof(
  fc.string({
    unit: fc.constantFrom('\\', "'", '"', '%', '_', '\n', '\r', '\t', ' ', '(', ')', '=', 'n', 'é', '🙂', '\0'),
  }),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom("' OR Name != '", "\\' OR Name != '", "x') OR (Name != '", 'null', "\\\\' OR Id != null OR Name = '"),
);

test('whatever the value, exactly the contact that has it is found', async () => {
  const field = 'Passerelle_Key__c';
  await fc.assert(
    fc.asyncProperty(nasty, nasty, async (value, other) => {
      org.simulator.reset();
      const holds = (text: string) => text !== '' && text.length <= 255;
      const add = (text: string) => org.simulator.add('Contact', { LastName: 'x', [field]: text });
      const id = holds(value) ? add(value) : undefined;
      if (holds(other) && other !== value) add(other);
      const outcome = await session.findContacts([{ by: 'external-id', field, values: [value], objects: ['Contact'] }]);
      const usable = soqlText(value) !== undefined;
      const expected = id && usable ? [{ id, object: 'Contact', name: 'x', by: 'external-id' }] : [];
      expect(outcome).toEqual({ result: 'done', value: expected });
    }),
    { numRuns: 100 },
  );
});

test('whatever the key, a contact is created under it or it is refused before anything is written', async () => {
  const field = 'Passerelle_Key__c';
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(nasty, fc.constantFrom('.', '..', '../Task', 'a/b?c#d', '%2e%2e', '+')),
      async (value) => {
        org.simulator.reset();
        const outcome = await session.createContact({ LastName: 'x' }, { field, value });
        const keys = org.simulator.records('Contact').map((contact) => contact[field]);
        expect(keys).toEqual(outcome.result === 'done' ? [value] : []);
      },
    ),
    { numRuns: 100 },
  );
});

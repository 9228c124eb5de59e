import { afterAll, beforeAll, expect, test } from 'vitest';
import type { z } from 'zod';
import { actedAnswer, questionsAnswer, whoIsAnswer } from '../../src/http/api/who-is-schemas.ts';
import { commandLine } from '../support/command-line.ts';
import { deliver, item } from '../support/meta-webhook.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

let product: Product;
beforeAll(async () => {
  const objects = ['Contact', 'Lead', 'PersonAccount'];
  product = await startProduct({
    mapping: {
      contacts: {
        match: ['external-id', { by: 'email', objects }, { by: 'phone', objects: ['Contact'] }],
      },
    },
  });
  product.salesforce.addPersonAccount({ LastName: 'Known', Email: 'known.person@example.com' });
});
afterAll(() => product?.stop());

const crm = 'acme-salesforce';
const links = (...args: string[]) => commandLine(product.file, product.databaseUrl, ['links', ...args]);
const tasks = (words: string) =>
  product.salesforce.records('Task').filter((task) => String(task['Description']).includes(words));
const taskOf = (words: string) => until(`a task with ${words}`, () => tasks(words)[0]);
const ticketOf = (psid: string) =>
  product.zendesk.tickets().find(({ requester }) => requester.externalId === `messenger:acme-page:${psid}`);
const notesOf = (psid: string) => (ticketOf(psid)?.comments ?? []).filter((c) => !c.public).map(({ body }) => body);
const contact = (fields: Record<string, unknown>) => product.salesforce.add('Contact', { LastName: 'Berg', ...fields });
const who = (psid: string, id: unknown) =>
  until(`${psid} with ${String(id)}`, () => tasks(`I am ${psid}`)[0]?.['WhoId'] === id);

let mids = 0;

/** The customer says who they are, tapping their own e-mail as the platform offers it. */
async function says(psid: string, email: string): Promise<void> {
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  const message = { mid: `m_m${++mids}`, text: `I am ${psid}`, quick_reply: { payload: email } };
  await deliver(product.url, [item(psid, { message })]);
  await taskOf(`I am ${psid}`);
}

async function customerOf(psid: string): Promise<string> {
  const { out } = await links('show', `user:${psid}`, '--json');
  return String((JSON.parse(out) as { customer: number }).customer);
}

async function question(psid: string): Promise<{ id: number; candidates: Record<string, unknown>[] }> {
  const customer = Number(await customerOf(psid));
  const { out } = await links('questions', '--json');
  const all = out.split('\n').filter(Boolean);
  const asked = all.map((line) => JSON.parse(line)).find((each) => each.customer === customer);
  if (!asked) throw new Error('nothing is asked');
  return asked;
}

const actIn = (out: string): string => /act (\d+)/.exec(out)?.[1] ?? '';

test('two candidates: a person chooses one, history and tickets follow; undone and done again', async () => {
  const [ann, anne] = ['Ann', 'Anne'].map((FirstName) => contact({ FirstName, Email: 'two.people@example.com' }));
  await says('200', 'two.people@example.com');
  expect((await taskOf('I am 200'))['WhoId'] ?? null).toBeNull();
  const asked = await question('200');
  expect(asked.candidates).toEqual(
    [
      [ann, 'Ann'],
      [anne, 'Anne'],
    ].map(([id, name]) => ({
      id,
      object: 'Contact',
      name: `${name} Berg`,
      email: 't…e@example.com',
      url: `${product.salesforce.url}/${id}`,
    })),
  );
  await until('the note', () => notesOf('200').some((note) => note.includes('Several contacts')));
  expect(await links('choose', String(asked.id), '003000000000000AAA')).toMatchObject({
    code: 1,
    err: expect.stringContaining('none of the candidates'),
  });
  const chosen = await links('choose', String(asked.id), String(anne), '--why', 'she phoned');
  expect(chosen).toMatchObject({ code: 0, err: '' });
  await who('200', anne);
  await until('the note', () =>
    notesOf('200').some((note) => note.includes('Anne Berg') && note.includes('she phoned')),
  );
  expect(await links('questions')).toMatchObject({ out: 'Nothing waits for an answer.\n' });
  expect(await links('choose', String(asked.id), String(ann))).toMatchObject({ code: 1 });
  await links('undo', actIn(chosen.out));
  await who('200', null);
  expect((await question('200')).id).toBe(asked.id);
  const again = await links('undo', actIn((await links('choose', String(asked.id), String(ann))).out));
  await who('200', null);
  await links('undo', actIn(again.out));
  await who('200', ann);
  expect(product.salesforce.records('Contact').filter(({ Email }) => Email === 'two.people@example.com')).toHaveLength(
    2,
  );
});

test('none of the candidates: a contact of their own is made', async () => {
  const twins = [1, 2].map((n) => contact({ FirstName: `Twin ${n}`, Email: 'twins@example.com' }));
  await says('201', 'twins@example.com');
  const asked = await question('201');
  expect(await links('none', String(asked.id))).toMatchObject({ code: 0 });
  await until('a contact of their own', () => tasks('I am 201')[0]?.['WhoId']);
  const own = product.salesforce
    .records('Contact')
    .find((each) => each['Passerelle_Key__c'] === 'messenger:acme-page:201');
  expect(tasks('I am 201')[0]?.['WhoId']).toBe(own?.Id);
  expect(twins).not.toContain(own?.Id);
});

test('a wrong link is cut: history leaves the contact, both sides are told; undone, all is as before', async () => {
  const wrong = contact({ FirstName: 'Wrong', Email: 'shared.desk@example.com' });
  await says('202', 'shared.desk@example.com');
  expect((await taskOf('I am 202'))['WhoId']).toBe(wrong);
  const customer = await customerOf('202');
  const cut = await links('cut', customer, crm, '--why', 'a shared address');
  expect(cut).toMatchObject({ code: 0, err: '' });
  await who('202', null);
  const told = /linked to the wrong contact, Wrong Berg.*a shared address/;
  expect(tasks('I am 202')[0]?.['Description']).toMatch(told);
  await until('the note', () => notesOf('202').some((note) => told.test(note)));
  await says('202', 'shared.desk@example.com');
  await until('more', () => (String(tasks('I am 202')[0]?.['Description']).match(/I am 202/g) ?? []).length === 2);
  expect(tasks('I am 202')[0]?.['WhoId']).toBeNull();
  await links('undo', actIn(cut.out), '--why', 'it was hers');
  await who('202', wrong);
  await until('the note', () => notesOf('202').some((note) => note.includes('it was hers')));
  const right = contact({ FirstName: 'Right' });
  const moved = await links('cut', customer, crm, '--to', right, '--why', 'this one');
  await who('202', right);
  await links('undo', actIn(moved.out));
  await who('202', wrong);
  expect(tasks('I am 202')).toHaveLength(1);
  expect((await links('show', customer)).out).toMatch(/cut.*undone by act/);
});

test('a lead is followed to the contact it became, also after it was matched', async () => {
  const lead = product.salesforce.add('Lead', { LastName: 'Lund', Company: 'Lund', Email: 'lund@example.com' });
  await says('203', 'lund@example.com');
  await who('203', lead);
  const became = contact({ FirstName: 'Became' });
  product.salesforce.convertLead(lead, became);
  await says('203', 'lund@example.com');
  await until('more', () => (String(tasks('I am 203')[0]?.['Description']).match(/I am 203/g) ?? []).length === 2);
  expect(tasks('I am 203')[0]?.['WhoId']).toBe(became);
  await says('204', 'lund@example.com');
  await who('204', became);
});

test('a person account is its contact, found once', async () => {
  await says('205', 'known.person@example.com');
  const [person] = product.salesforce.records('Contact').filter(({ Email }) => Email === 'known.person@example.com');
  await who('205', person?.Id);
});

test('two customers who are one: joined, their history is one contact’s; two contacts are a question; undone', async () => {
  const [one, two] = [1, 2].map((n) => contact({ FirstName: `Half ${n}`, Email: `half${n}@example.com` }));
  await says('206', 'half1@example.com');
  await says('207', 'half2@example.com');
  const [keep, gone] = [await customerOf('206'), await customerOf('207')];
  const joined = await links('join', keep, gone, '--why', 'one person');
  expect(joined).toMatchObject({ code: 0, err: '' });
  expect(await customerOf('207')).toBe(keep);
  await Promise.all([who('206', null), who('207', null)]);
  const asked = await question('206');
  expect(asked.candidates.map(({ id }) => id)).toEqual([one, two]);
  const chosen = await links('choose', String(asked.id), String(two));
  await Promise.all([who('206', two), who('207', two)]);
  expect(await links('join', keep, gone)).toMatchObject({ code: 1 });
  expect(await links('undo', actIn(joined.out))).toMatchObject({
    code: 1,
    err: expect.stringContaining(`act ${actIn(chosen.out)} came after it`),
  });
  await links('undo', actIn(chosen.out));
  await links('undo', actIn(joined.out));
  await Promise.all([who('206', one), who('207', two)]);
  expect(await customerOf('207')).toBe(gone);
  await expect(question('206')).rejects.toThrow('nothing is asked');
});

async function api(scopes: string) {
  const name = `key-${scopes.length}`;
  const made = await commandLine(product.file, product.databaseUrl, [
    'keys',
    'create',
    '--name',
    name,
    '--scopes',
    scopes,
  ]);
  return async (method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> => {
    const headers = { authorization: `Bearer ${made.out.trim()}`, 'content-type': 'application/json' };
    const response = await fetch(`${product.url}/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  };
}

test('the same by the API: questions, an answer, a cut, an undoing; nothing without the scope', async () => {
  const ids = [1, 2].map((n) => contact({ FirstName: `Api ${n}`, Email: 'api.people@example.com' }));
  await says('208', 'api.people@example.com');
  const [reader, writer] = [await api('customers:read'), await api('customers:read,customers:write')];
  const customer = Number(await customerOf('208'));
  const listed = questionsAnswer.parse((await reader('GET', `/questions?customer=${customer}`)).body);
  const [asked] = listed.items as z.infer<typeof questionsAnswer>['items'];
  expect(asked?.candidates.map(({ id }) => id)).toEqual(ids);
  expect(await reader('GET', `/questions/${asked?.id}`)).toMatchObject({ status: 200, body: { state: 'open' } });
  const choose = `/questions/${asked?.id}/choose`;
  expect(await reader('POST', choose, { record: ids[0] })).toMatchObject({ status: 403 });
  expect(await writer('POST', choose, { record: 'other' })).toMatchObject({ status: 409 });
  expect(await writer('POST', choose, {})).toMatchObject({
    status: 400,
    body: { detail: expect.stringMatching(/body.record/) },
  });
  expect(await writer('POST', '/questions/999999/none')).toMatchObject({ status: 404 });
  actedAnswer.parse((await writer('POST', choose, { record: ids[0], why: 'by the API' })).body);
  await who('208', ids[0]);
  const cut = actedAnswer.parse(
    (await writer('POST', `/customers/${customer}/cut`, { at: crm, to: ids[1], why: 'the other' })).body,
  );
  await who('208', ids[1]);
  expect(await writer('POST', `/customers/${customer}/cut`, { at: 'nowhere', why: 'x' })).toMatchObject({
    status: 409,
  });
  expect(await writer('POST', `/link-acts/${cut.act}/undo`, {})).toMatchObject({ status: 200 });
  expect(await writer('POST', `/link-acts/${cut.act}/undo`, {})).toMatchObject({ status: 409 });
  await who('208', ids[0]);
  const shown = whoIsAnswer.parse((await reader('GET', `/customers/${customer}`)).body);
  expect(shown.links).toMatchObject([{ state: 'linked', contact: { id: ids[0] }, strength: 'admin', decided: true }]);
  expect(shown.acts.map(({ what }) => what)).toEqual(['undo', 'cut', 'choose']);
  const found = await reader('GET', `/customers?meant=contact:${ids[0]}`);
  expect(found).toMatchObject({ status: 200, body: { items: [{ customer }] } });
  const audit = await commandLine(product.file, product.databaseUrl, ['audit', 'list']);
  expect(audit.out).toMatch(/link-choose/);
});

test('bad input is told, and nothing is done', async () => {
  const before = await product.db.selectFrom('link_acts').select('id').execute();
  expect(await links('choose', '999999', 'x')).toMatchObject({ code: 1, err: 'There is no such question.\n' });
  expect(await links('choose', 'seven', 'x')).toMatchObject({ code: 2, err: expect.stringContaining('whole number') });
  expect(await links('cut', '999999', crm, '--why', 'x')).toMatchObject({ code: 1 });
  expect(await links('cut', '1', crm)).toMatchObject({ code: 2 });
  expect(await links('undo', '999999')).toMatchObject({ code: 1, err: 'There is no such act.\n' });
  expect(await links('show', 'somebody')).toMatchObject({ code: 2 });
  expect(await links('show', 'ticket:0')).toMatchObject({ code: 1 });
  const customer = await customerOf('206');
  expect(await links('join', customer, customer)).toMatchObject({
    code: 1,
    err: expect.stringContaining('themselves'),
  });
  expect(await product.db.selectFrom('link_acts').select('id').execute()).toEqual(before);
});

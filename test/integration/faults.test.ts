import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Fault } from '../../src/sandbox/simulator.ts';
import { metric } from '../support/metric.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';

/**
 * Every way a platform can fail, on every call that matters. All conversations run side by side: a case injects its fault,
 * does what meets it, and goes on as soon as the fault was met; what became of it is looked at in its own test.
 */
const kinds: readonly Fault['kind'][] = [
  '429',
  '500',
  '503',
  'slow',
  'timeout-before',
  'timeout-after',
  'reset-before',
  'reset-after',
  '500-after',
  'expired-token',
];
const details: Partial<Record<Fault['kind'], Partial<Fault>>> = {
  '429': { retryAfter: 1 },
  '503': { retryAfter: 1 },
  slow: { delayMs: 700 },
  'timeout-before': { delayMs: 300 },
  'timeout-after': { delayMs: 300 },
};

type Platform = 'messenger' | 'zendesk' | 'salesforce';

/** One customer, and what has to be seen of them in the end. */
interface Subject {
  product: Product;
  psid: string;
  said: string[];
  answers: string[];
  files: number;
}

interface Call {
  call: string;
  platform: Platform;
  method: string;
  path(subject: Subject): string;
  /** How many calls go wrong before the one that matters does. */
  times?: number;
  /** Whether the customer has a ticket before. */
  open: boolean;
  /** Before the fault is injected. */
  prepare?(subject: Subject): void;
  act(subject: Subject): Promise<unknown>;
  /** The next fault waits until this one is mended: it concerns every customer. */
  alone?: true;
  /** Kinds that cannot be, or that are waited out for longer than a test can. */
  without?: readonly Fault['kind'][];
}

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const says = (subject: Subject) => {
  const text = `«${subject.psid} says ${subject.said.length}»`;
  subject.said.push(text);
  return subject.product.messenger.customerSends(subject.psid, { type: 'text', text });
};
const showsPicture = (subject: Subject) => {
  const text = `«${subject.psid} shows ${subject.said.length}»`;
  subject.said.push(text);
  subject.files += 1;
  const files = [{ name: 'photo.png', contentType: 'image/png', bytes: picture }];
  return subject.product.messenger.customerSends(subject.psid, { type: 'image', files, text });
};
const agentAnswers = (subject: Subject) => {
  const text = `answer to ${subject.psid}`;
  subject.answers.push(text);
  return subject.product.zendesk.agentComments(ticketOf(subject)!.id, { text, public: true });
};
const agentSendsFile = (subject: Subject) => {
  const name = `to-${subject.psid}.pdf`;
  subject.answers.push(name);
  const files = [{ name, contentType: 'application/pdf', bytes: Buffer.from('%PDF-1.4') }];
  return subject.product.zendesk.agentComments(ticketOf(subject)!.id, { text: ' ', public: true, files });
};

const zendesk = (call: string, method: string, path: Call['path'], open: boolean, act: Call['act']): Call => ({
  call: `Zendesk: ${call}`,
  platform: 'zendesk',
  method,
  path,
  open,
  act,
});
const ticketPath = (subject: Subject) => `/tickets/${ticketOf(subject)!.id}.`;
const commentsPath = (subject: Subject) => `/tickets/${ticketOf(subject)!.id}/comments`;

/** Salesforce's limit is for a day: what meets it is tried again a quarter of an hour later. */
const usedUp = ['429'] as const;

/** Calls in a row share a chain, so that the fault of one is not met by another; chains run side by side. */
const chains: Call[][] = [
  [
    zendesk('user creation', 'POST', () => '/users', false, says),
    zendesk('ticket creation', 'POST', () => '/api/v2/tickets', false, says),
    {
      call: 'Messenger: profile',
      platform: 'messenger',
      method: 'GET',
      path: ({ psid }) => `/${psid}`,
      open: false,
      act: says,
    },
    {
      call: 'Salesforce: contact search',
      platform: 'salesforce',
      method: 'GET',
      path: () => '/query',
      open: false,
      act: says,
      without: usedUp,
    },
    {
      call: 'Salesforce: contact by key',
      platform: 'salesforce',
      method: 'PATCH',
      path: () => '/sobjects/Contact',
      open: false,
      act: says,
      without: usedUp,
    },
    {
      call: 'Salesforce: task',
      platform: 'salesforce',
      method: 'PATCH',
      path: () => '/sobjects/Task',
      open: false,
      act: says,
      without: usedUp,
    },
  ],
  [zendesk('comment', 'PUT', ticketPath, true, says)],
  [zendesk('ticket state', 'GET', ticketPath, true, says)],
  [
    zendesk('upload', 'POST', () => '/uploads', true, showsPicture),
    {
      call: 'Messenger: media',
      platform: 'messenger',
      method: 'GET',
      path: () => '/media/',
      open: true,
      act: showsPicture,
      // A link has no token and no rate limit: what refuses it refuses it for good.
      without: ['expired-token', '429'],
    },
  ],
  [zendesk('reading comments', 'GET', commentsPath, true, agentAnswers)],
  [
    {
      call: 'Messenger: send',
      platform: 'messenger',
      method: 'POST',
      path: () => '/messages',
      // Seen and typing go first.
      times: 3,
      open: true,
      act: agentAnswers,
    },
    {
      call: 'Messenger: attachment',
      platform: 'messenger',
      method: 'POST',
      path: () => '/message_attachments',
      open: true,
      act: agentSendsFile,
    },
    zendesk('file of an answer', 'GET', () => '/attachments/token', true, agentSendsFile),
  ],
];

/** In a product of its own: these concern every customer. */
const loginChains: Call[][] = [
  [
    {
      call: 'Zendesk: token',
      platform: 'zendesk',
      method: 'POST',
      path: () => '/oauth/tokens',
      open: true,
      prepare: ({ product }) => product.zendesk.expireToken(true),
      act: says,
      alone: true,
      // One after the other these take seconds each, and to us they are resets.
      without: ['timeout-before', 'timeout-after', '500-after'],
    },
  ],
  [
    {
      call: 'Salesforce: login',
      platform: 'salesforce',
      method: 'POST',
      path: () => '/services/oauth2/token',
      open: true,
      prepare: ({ product }) => product.salesforce.expireSession(),
      act: says,
      alone: true,
    },
  ],
];

interface Case {
  call: Call;
  kind: Fault['kind'];
  subject: Promise<Subject>;
}

const cases = new Map<string, Case>();
const nameOf = (call: Call, kind: string) => `${call.call}: ${kind}`;
const externalIdOf = ({ psid }: Subject) => `messenger:acme-page:${psid}`;
const ticketsOf = (subject: Subject) =>
  subject.product.zendesk.tickets().filter((ticket) => ticket.requester.externalId === externalIdOf(subject));
const ticketOf = (subject: Subject) => ticketsOf(subject)[0];

let psids = 0;
function newSubject(product: Product): Subject {
  const psid = `70${String(psids++).padStart(5, '0')}`;
  product.messenger.addCustomer({ psid, name: `Customer ${psid}` });
  return { product, psid, said: [], answers: [], files: 0 };
}

let products: Product[] = [];
beforeAll(async () => {
  products = await Promise.all([startProduct(), startProduct()]);
  for (const product of products) product.zendesk.setRateLimit(1_000_000);
  for (const [i, all] of [chains, loginChains].entries()) {
    for (const chain of all) play(products[i]!, chain);
  }
}, 60_000);
afterAll(() => Promise.all(products.map((product) => product.stop())));

const kindsOf = (call: Call) => kinds.filter((kind) => !call.without?.includes(kind));

/** Starts a chain, and notes each of its cases, which are then under way. */
function play(product: Product, chain: Call[]): void {
  let before: Promise<unknown> = Promise.resolve();
  for (const call of chain) {
    for (const kind of kindsOf(call)) {
      const previous = before;
      const subject = (async () => {
        const made = newSubject(product);
        if (call.open) {
          await says(made);
          await until('a ticket and history', () => ticketOf(made) && historyOf(made).length > 0, 180_000);
        }
        await previous.catch(() => undefined);
        await meet(made, call, kind);
        return made;
      })();
      subject.catch(() => undefined);
      before = call.alone ? subject.then((made) => settled(made)) : subject;
      before.catch(() => undefined);
      cases.set(nameOf(call, kind), { call, kind, subject });
    }
  }
}

async function meet(subject: Subject, call: Call, kind: Fault['kind']): Promise<void> {
  const simulator = subject.product[call.platform];
  const fault: Fault = {
    kind,
    method: call.method,
    path: call.path(subject),
    times: call.times ?? 1,
    ...details[kind],
    // Meta counts in minutes: one would be waited out.
    ...(call.platform === 'messenger' && { retryAfter: 0 }),
  };
  call.prepare?.(subject);
  simulator.inject(fault);
  await call.act(subject);
  const waits = () => simulator.faults().some(({ method, path }) => method === fault.method && path === fault.path);
  await until(`the fault of ${nameOf(call, kind)} is met`, () => !waits(), 120_000);
}

const historyOf = ({ product, psid }: Subject) =>
  product.salesforce.records('Task').filter((task) => String(task['Description']).includes(`«${psid} says 0»`));
const publicWords = (subject: Subject) =>
  ticketsOf(subject).flatMap(({ comments }) =>
    comments.filter((comment) => comment.public).flatMap(({ body }) => body.match(/«[^»]*»/g) ?? []),
  );
const pictures = (subject: Subject) =>
  ticketsOf(subject).flatMap(({ comments }) => comments.flatMap(({ attachments }) => attachments.filter(isPicture)));
const shown = ({ product, psid }: Subject) =>
  product.messenger
    .threads()
    .find((thread) => thread.psid === psid)!
    .bubbles.filter(({ from }) => from === 'page')
    .map(({ text, attachments }) => text ?? attachments[0]?.name);

/** Whether everything is where it has to be, at least once. */
const arrived = (subject: Subject): boolean =>
  subject.said.every((text) => publicWords(subject).includes(text)) &&
  // Those that come late follow in a comment of their own.
  pictures(subject).length >= subject.files &&
  subject.answers.every((text) => shown(subject).includes(text)) &&
  [...subject.said, ...subject.answers].every((text) => String(historyOf(subject)[0]?.['Description']).includes(text));

const settled = async (subject: Subject): Promise<void> => {
  await until(`all of ${subject.psid} arrives`, () => arrived(subject), 120_000);
};

const contactsOf = ({ product, psid }: Subject) =>
  product.salesforce
    .records('Contact')
    .filter((contact) => JSON.stringify(contact).includes(psid))
    .map(({ LastName }) => LastName);

const allCalls = [...chains, ...loginChains].flat();
describe.each(allCalls.map((call) => [call.call, call] as const))('%s', (_, call) => {
  test.each(kindsOf(call).map((kind) => [kind]))(
    '%s: in the end each visible thing is there exactly once',
    async (kind) => {
      const subject = await cases.get(nameOf(call, kind))!.subject;
      await settled(subject);
      expect(ticketsOf(subject)).toHaveLength(1);
      expect(publicWords(subject)).toEqual(subject.said);
      expect(pictures(subject)).toHaveLength(subject.files);
      expect(shown(subject)).toEqual(subject.answers);
      expect(historyOf(subject)).toHaveLength(1);
      const told = String(historyOf(subject)[0]!['Description']).match(/«[^»]*»|answer to \d+|to-\d+\.pdf/g) ?? [];
      expect([...told].sort()).toEqual([...subject.said, ...subject.answers].sort());
      expect(contactsOf(subject)).toHaveLength(1);
    },
    // All of them begin at once, which is much on a machine that is busy with other tests.
    300_000,
  );
});

const isPicture = ({ name }: { name: string }) => name.endsWith('.png');

test('nothing waits or is parked when all faults are over, and nothing was told to have failed', async () => {
  for (const [i, product] of products.entries()) {
    await until('no backlog', async () => (await metric(product.url, 'passerelle_backlog')) === 0, 40_000);
    expect(await metric(product.url, 'passerelle_parked')).toBe(0);
    expect(await metric(product.url, 'passerelle_target_paused')).toBe(0);
    const notes = product.zendesk
      .tickets()
      .flatMap(({ comments }) => comments.filter((comment) => !comment.public).map(({ body }) => body));
    expect(notes.filter((body) => !body.startsWith('This reply waits'))).toEqual([]);
    expect([i, product.messenger.faults(), product.zendesk.faults(), product.salesforce.faults()]).toEqual([
      i,
      [],
      [],
      [],
    ]);
  }
}, 60_000);

test('a profile that could not be had follows with a later message', async () => {
  const subject = await cases.get('Messenger: profile: 500')!.subject;
  await says(subject);
  await until('the name', () => ticketOf(subject)!.requester.name === `Customer ${subject.psid}`, 20_000);
});

import type { HelpdeskSession } from '../../src/helpdesks/helpdesk.ts';
import { salesforceDesk } from '../../src/helpdesks/salesforce/account.ts';
import { connectSalesforceDesk } from '../../src/helpdesks/salesforce/session.ts';
import { connectZendesk } from '../../src/helpdesks/zendesk/session.ts';
import { accountAt, credentials, testTools } from '../../src/helpdesks/zendesk/testing/harness.ts';
import type { SandboxFile } from '../../src/sandbox/contract.ts';
import { startSalesforceSimulator } from '../../src/sandbox/salesforce/simulator.ts';
import type { Simulator } from '../../src/sandbox/simulator.ts';
import { startZendeskSimulator } from '../../src/sandbox/zendesk/simulator.ts';

export interface SeenComment {
  public: boolean;
  /** As people read it there. */
  text: string;
}

export interface SaidByAgent {
  text: string;
  public: boolean;
  files?: SandboxFile[];
}

/** One helpdesk with its simulator, so that one test can be played on any. */
export interface DeskBench {
  session: HelpdeskSession;
  simulator: Simulator;
  /** Part of the paths of the calls that create a ticket, and that add a comment. */
  paths: { create: string; comment: (ticket: string) => string };
  /** Tickets as they stand there. */
  tickets(): { id: string; externalId: string; closed: boolean }[];
  comments(ticket: string): SeenComment[];
  /** The files on a ticket. */
  files(ticket: string): { name: string; bytes: number }[];
  agentSays(ticket: string, said: SaidByAgent): Promise<string>;
  close(ticket: string): void;
  remove(ticket: string): void;
  stop(): Promise<void>;
}

/** Short, for faults that never answer; long enough for a busy machine. */
const callMs = 700;

async function zendeskBench(): Promise<DeskBench> {
  const tools = testTools();
  const simulator = await startZendeskSimulator(credentials);
  return {
    session: connectZendesk(accountAt(simulator.url), tools, { callMs, fileMs: 3_000 }),
    simulator,
    paths: { create: '/tickets', comment: (ticket) => `/tickets/${ticket}` },
    tickets: () =>
      simulator.tickets().map(({ id, externalId, status }) => ({
        id: String(id),
        externalId: externalId ?? '',
        closed: status === 'solved',
      })),
    comments: (ticket) =>
      simulator
        .tickets()
        .find(({ id }) => String(id) === ticket)!
        .comments.map(({ public: isPublic, body }) => ({ public: isPublic, text: body })),
    files: (ticket) =>
      simulator
        .tickets()
        .find(({ id }) => String(id) === ticket)!
        .comments.flatMap(({ attachments }) => attachments)
        .map(({ name, bytes }) => ({ name, bytes })),
    agentSays: async (ticket, said) => String(await simulator.agentComments(Number(ticket), said)),
    close: (ticket) => simulator.setStatus(Number(ticket), 'solved'),
    remove: (ticket) => simulator.setStatus(Number(ticket), 'deleted'),
    stop: async () => {
      tools.close();
      await simulator.close();
    },
  };
}

async function salesforceBench(comments: 'case-comment' | 'feed-item'): Promise<DeskBench> {
  const tools = testTools();
  const client = { clientId: 'consumer-key', clientSecret: 'consumer-secret' };
  const simulator = await startSalesforceSimulator(client);
  const desk = salesforceDesk.parse({
    id: 'acme-cases',
    kind: 'salesforce',
    loginUrl: simulator.url,
    ...client,
    comments,
  });
  return {
    session: connectSalesforceDesk(desk, tools, callMs),
    simulator,
    paths: { create: '/composite', comment: () => '/composite' },
    tickets: () =>
      simulator.records('Case').map(({ Id, Passerelle_Key__c: key, IsClosed }) => ({
        id: Id,
        externalId: String(key),
        closed: IsClosed === true,
      })),
    comments: (ticket) =>
      comments === 'case-comment'
        ? simulator
            .records('CaseComment')
            .filter(({ ParentId }) => ParentId === ticket)
            .map(({ IsPublished, CommentBody }) => ({ public: IsPublished === true, text: String(CommentBody) }))
        : simulator
            .records('FeedItem')
            .filter(({ ParentId }) => ParentId === ticket)
            .map(({ Visibility, Body }) => ({ public: Visibility === 'AllUsers', text: String(Body) })),
    files: (ticket) => {
      const links = simulator.records('ContentDocumentLink').filter(({ LinkedEntityId: on }) => on === ticket);
      const documents = new Set(links.map(({ ContentDocumentId: id }) => id));
      return simulator
        .records('ContentVersion')
        .filter(({ ContentDocumentId: id }) => documents.has(id))
        .map(({ PathOnClient, ContentSize }) => ({ name: String(PathOnClient), bytes: Number(ContentSize) }));
    },
    agentSays: async (ticket, { text, files = [], ...said }) => {
      const asked = comments === 'case-comment' ? files.map(({ name }) => `\n/file ${name}`).join('') : '';
      return simulator.agentWrites(ticket, { ...said, files, text: text + asked, as: comments });
    },
    close: (ticket) => simulator.agentChanges('Case', ticket, { Status: 'Closed' }),
    remove: (ticket) => simulator.remove('Case', ticket),
    stop: async () => {
      tools.close();
      await simulator.close();
    },
  };
}

/** By kind, each way in which it can be set up. A new helpdesk adds its own. */
export const deskBenches: Readonly<Record<string, Readonly<Record<string, () => Promise<DeskBench>>>>> = {
  zendesk: { zendesk: zendeskBench },
  salesforce: {
    'salesforce, comments': () => salesforceBench('case-comment'),
    'salesforce, feed': () => salesforceBench('feed-item'),
  },
};

import type { TicketId } from '../../../domain/ids.ts';
import { done, type Outcome } from '../../../domain/outcome.ts';
import type { Tools } from '../../../kit/tools.ts';
import type { RefusedReply, ThreadPlace } from '../../called.ts';
import type { Comment, CommentDraft, HelpdeskSession, Ticket, UploadToken } from '../../helpdesk.ts';
import type { ZendeskAccount } from '../account.ts';
import { addTags } from '../add-comment.ts';
import type { ZendeskApi } from '../api.ts';
import type { Names } from '../names.ts';
import { attempt } from '../outcome.ts';
import type { People } from '../people.ts';
import { type ShownFields, ticketOf } from '../tickets.ts';
import { anyBody, ticketBody, type WireTicket } from '../wire.ts';
import { type Connection, makeConnection } from './connection.ts';
import { limits, viaChannel } from './facts.ts';
import { finishTicket } from './finish-ticket.ts';
import { frameworkFindings } from './health.ts';
import { makePushes, type Pushes } from './pushes.ts';
import { resourcesOf } from './resource.ts';
import { tryToken } from './try-token.ts';
import { pushedBody } from './wire.ts';

export interface FrameworkParts {
  account: ZendeskAccount;
  tools: Tools;
  /** With the user's own login, for all that is not pushed. */
  api: ZendeskApi;
  people: People;
  names: Names;
  shownWith(comment: CommentDraft): ShownFields;
  /** With a login of the framework's. */
  apiWith(auth: Connection['auth']): ZendeskApi;
}

/** A Zendesk written to by the Channel framework: what differs from plain tickets. */
export function withFramework(plain: HelpdeskSession, parts: FrameworkParts): HelpdeskSession {
  const { account, tools, api, names } = parts;
  const connection = makeConnection(tools.tokens, account.id);
  const pushing = parts.apiWith(connection.auth);
  const pushes = makePushes((resources) => push(pushing, connection, resources), tools.clock);
  const say = (comment: CommentDraft, subject?: string) =>
    refuseFirst(pushing, connection, comment, () => pushed(pushes, account, comment, subject));
  return {
    ...plain,
    pushes: true,
    // A push takes its turn with the calls of the account, together with others.
    takeTurn: async () => done(undefined),
    createTicket: async (draft) => withNothing(await say(draft.comment, draft.subject)),
    finishTicket: (ticket, draft) =>
      finishTicket({ api, names, log: tools.log }, ticket, draft, parts.shownWith(draft.comment)),
    addComment: async (ticket, comment, also = {}) => {
      const tagged = await addTags(api, parts.people, { ticket, ...also });
      return tagged.result === 'done' ? withNothing(await say(comment)) : tagged;
    },
    showTicket: (id) => showThreaded(api, id),
    readComments: (...asked) => readPlain(parts, plain, ...asked),
    upload: (file) => publish(tools, file),
    connectTo: async (given) => {
      const tried = await tryToken(account, tools, given);
      if (tried.result === 'done') await connection.keep(given);
      return tried;
    },
    checkHealth: async () => [...(await plain.checkHealth()), ...(await frameworkFindings(account, tools, connection))],
  };
}

const withNothing = (outcome: Outcome<void>): Outcome<Record<never, never>> =>
  outcome.result === 'done' ? done({}) : outcome;

const push = (api: ZendeskApi, connection: Connection, resources: readonly object[]) =>
  attempt('once', async () => {
    const { instance } = await connection.current();
    const body = { instance_push_id: instance, external_resources: resources };
    const { results } = await api.post(pushedBody, ['any_channel', 'push'], body);
    return results.map(({ external_resource_id, status }) => ({
      externalId: external_resource_id,
      code: status.code,
      description: status.description ?? undefined,
    }));
  });

function pushed(
  pushes: Pushes,
  account: ZendeskAccount,
  comment: CommentDraft,
  subject: string | undefined,
): Promise<Outcome<void>> | Outcome<void> {
  if (!comment.thread)
    return { result: 'never', why: 'it was begun as a comment of a plain ticket, before mode: channel' };
  const draft: CommentDraft & { thread: ThreadPlace } = { ...comment, thread: comment.thread };
  return pushes.push(resourcesOf(account.id, draft, subject));
}

/** A reply that did not reach the customer is marked at the agent's own comment before the note about it is written. */
async function refuseFirst(
  api: ZendeskApi,
  connection: Connection,
  { refuses = [] }: CommentDraft,
  then: () => Promise<Outcome<void>> | Outcome<void>,
): Promise<Outcome<void>> {
  for (const refusal of refuses) {
    const told = await refuse(api, connection, refusal);
    if (told.result !== 'done' && told.result !== 'never') return told;
  }
  return then();
}

const refuse = (api: ZendeskApi, connection: Connection, { reply, why }: RefusedReply): Promise<Outcome<void>> =>
  attempt<void>('repeatable', async () => {
    const { instance } = await connection.current();
    const body = { instance_push_id: instance, external_id: reply, description: why.slice(0, limits.errorLength) };
    await api.post(anyBody, ['any_channel', 'channelback', 'report_error'], body);
  });

const isThreaded = ({ via }: WireTicket): boolean => via?.channel === viaChannel;

/** A plain ticket, from before, the framework cannot write on: it counts as closed, and the chat goes on in another. */
function showThreaded(api: ZendeskApi, id: TicketId): Promise<Outcome<Ticket>> {
  return attempt<Ticket>(
    'repeatable',
    async () => {
      const { ticket: wire } = await api.get(ticketBody, ['tickets', id]);
      const ticket = ticketOf(wire);
      return isThreaded(wire) || ticket.status === 'gone' ? ticket : { ...ticket, status: 'closed' };
    },
    async ({ status }) => (status === 404 ? done({ id, status: 'gone' }) : undefined),
  );
}

/** Agents' replies on tickets of the framework are handed over; those on plain ones are read as ever. */
async function readPlain(
  { api }: FrameworkParts,
  plain: HelpdeskSession,
  ...[ticket, after, written]: Parameters<HelpdeskSession['readComments']>
): Promise<Outcome<Comment[]>> {
  const threaded = await attempt<boolean>(
    'repeatable',
    async () => isThreaded((await api.get(ticketBody, ['tickets', ticket])).ticket),
    async ({ status }) => (status === 404 ? done(true) : undefined),
  );
  if (threaded.result !== 'done') return threaded;
  return threaded.value ? done([]) : plain.readComments(ticket, after, written);
}

async function publish(tools: Tools, file: Parameters<HelpdeskSession['upload']>[0]): Promise<Outcome<UploadToken>> {
  if (!tools.publish) return { result: 'never', why: 'there is no server.publicUrl by which Zendesk could fetch it' };
  return done((await tools.publish(file)) as UploadToken);
}

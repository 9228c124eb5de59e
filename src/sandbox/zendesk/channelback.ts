import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Desk } from './desk.ts';
import { frameworkOf, sendEvents } from './framework.ts';
import { type Comment, type Framework, type Ticket, userOf } from './state.ts';
import { contentUrl } from './wire.ts';

const mostTries = 5;

/** Hands a public comment of an agent over, where the ticket is one of the framework's; tried again as Zendesk does. */
export async function handOver(desk: Desk, ticket: Ticket, comment: Comment): Promise<void> {
  const framework = frameworkOf(desk);
  const url = framework?.manifest.urls.channelback_url;
  const thread = [...(framework?.threads ?? [])].find(([, id]) => id === ticket.id)?.[0];
  if (!framework || framework.off || !url || thread === undefined) return;
  const form = formOf(desk, framework, ticket, comment, thread);
  const sendings = Array.from({ length: desk.callbacks.copies }, () => post(url, form));
  const [answer] = await Promise.all(sendings);
  settle(desk, framework, ticket, comment, answer);
  desk.changed();
}

function formOf(
  desk: Desk,
  { instance, metadata, imported }: Framework,
  ticket: Ticket,
  comment: Comment,
  thread: string,
) {
  const parent = [...imported].findLast(([, { ticket: on }]) => on === ticket.id)?.[0] ?? '';
  const recipient = userOf(desk.state, ticket.requesterId).identities.find(
    ({ type, value }) => type === 'any_channel' && value.startsWith(`${instance}:`),
  );
  const form = new URLSearchParams({
    message: comment.body,
    parent_id: parent,
    thread_id: thread,
    recipient_id: recipient?.value.slice(instance.length + 1) ?? '',
    metadata,
    request_unique_identifier: randomUUID(),
  });
  for (const file of comment.attachments) form.append('file_urls[]', contentUrl(desk.url(), file));
  return form;
}

interface Answered {
  status: number;
  text: string;
}

/** After no answer, and after 503, it is asked again with the same identifier. */
async function post(url: string, form: URLSearchParams): Promise<Answered> {
  for (let tries = 1; ; tries++) {
    const answer = await fetch(url, {
      method: 'POST',
      body: form,
      redirect: 'manual',
      signal: AbortSignal.timeout(12_000),
    }).catch(() => undefined);
    const text = (await answer?.text().catch(() => undefined)) ?? '';
    if (answer && answer.status !== 503) return { status: answer.status, text };
    if (tries === mostTries) return { status: answer?.status ?? 504, text: text || 'no answer' };
    await wait(100 * 2 ** tries, undefined, { ref: false });
  }
}

function settle(
  desk: Desk,
  framework: Framework,
  ticket: Ticket,
  comment: Comment,
  answer: Answered | undefined,
): void {
  const externalId = answer?.status === 200 ? externalIdIn(answer.text) : undefined;
  if (externalId === undefined) {
    comment.channelError = answer?.text || `answered ${answer?.status}`;
    if (answer?.status === 401) framework.off = true;
    return;
  }
  framework.handedOver.set(externalId, { ticket: ticket.id, comment: comment.id });
  const event = { type_id: 'external_id_associated_with_channelback', external_id: externalId };
  const resource_events = [{ ...event, ticket_id: ticket.id, comment_id: comment.id }];
  sendEvents(desk, [{ type_id: 'resources_created_from_external_ids', data: { request_id: '', resource_events } }]);
}

function externalIdIn(text: string): string | undefined {
  try {
    const { external_id: id } = JSON.parse(text) as { external_id?: unknown };
    return typeof id === 'string' && id.length > 0 && id.length <= 255 ? id : undefined;
  } catch {
    return undefined;
  }
}

import type { ThreadPlace } from '../../called.ts';
import type { CommentDraft } from '../../helpdesk.ts';
import { limits } from './facts.ts';

/** Something said, as the framework takes it (Zendesk developer docs, "Push Content to Support"). */
export interface Resource {
  external_id: string;
  internal_note: boolean;
  message: string;
  thread_id: string;
  created_at: string;
  author: { external_id: string; name: string };
  allow_channelback: true;
  fields?: { id: string; value: unknown }[];
  file_urls?: string[];
}

/** The resources of one comment, in order: one, and more of them when it has more files than one takes. */
export function resourcesOf(
  accountId: string,
  draft: CommentDraft & { thread: ThreadPlace },
  subject?: string,
): Resource[] {
  const [first = [], ...more] = portions(draft.uploads, limits.filesPerResource);
  const one = (external_id: string, message: string, files: readonly string[]): Resource => ({
    external_id,
    internal_note: !draft.public,
    message,
    thread_id: draft.thread.id,
    created_at: draft.thread.at,
    author: authorOf(accountId, draft),
    allow_channelback: true,
    ...(files.length > 0 ? { file_urls: [...files] } : {}),
  });
  const said = one(draft.marker, draft.body, first);
  if (subject !== undefined && subject !== '') said.fields = [{ id: 'subject', value: subject }];
  return [said, ...more.map((files, i) => one(`${draft.marker}:${i + 2}`, `Further files (${i + 2})`, files))];
}

/** The marker a resource was made from. */
export const markerOf = (externalId: string): string => externalId.replace(/^([0-9a-f-]{36}):\d+$/, '$1');

function authorOf(accountId: string, { author, thread: { customer } }: CommentDraft & { thread: ThreadPlace }) {
  if (author === 'service') return { external_id: `passerelle:${accountId}`, name: 'Passerelle' };
  return { external_id: customer.externalId, name: customer.name.slice(0, limits.nameLength) };
}

function portions<Item>(items: readonly Item[], most: number): Item[][] {
  const all: Item[][] = [];
  for (let i = 0; i < items.length; i += most) all.push(items.slice(i, i + most));
  return all;
}

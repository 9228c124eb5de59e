import { z } from 'zod';
import { done, type Outcome } from '../../../domain/outcome.ts';
import type { PresentThing, SetupFields, SetupIds, SetupKind, WantedThing } from '../../../domain/setup.ts';
import type { ZendeskApi } from '../api.ts';
import { attempt } from '../outcome.ts';
import { pagesOf } from '../pages.ts';
import { anyBody, wireId } from '../wire.ts';

/** A thing as Zendesk shows it: fields of all sorts. */
export type Wire = Record<string, unknown> & { id: string };

/** How one list of Zendesk's differs from the others. */
export interface WireKind {
  /** In words: `ticket field`. */
  name: string;
  /** The list and one of it, in paths and bodies. */
  list: string;
  one: string;
  wanted(ids: SetupIds): WantedThing[];
  /** Which wanted thing it is, and what is worth a word of somebody else's. */
  recognise(wire: Wire): Pick<PresentThing, 'key' | 'note'>;
  labelOf(wire: Wire): string;
  /** As it compares with what is wanted. */
  fieldsOf(wire: Wire): SetupFields;
  /** As it is sent, from as it compares. */
  toWire(fields: SetupFields, now: Wire | undefined): Record<string, unknown>;
  /** Further fields of a new one. */
  onCreate?(): Promise<Outcome<Record<string, unknown>>>;
  /** Webhooks are changed by PATCH, all else by PUT; both leave what is not named. */
  by: 'put' | 'patch';
}

const meta = z.object({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish();
const wire = z.looseObject({ id: z.union([z.string(), wireId]) });

/** One list of Zendesk's as a kind of thing that is set up. */
export function setupKindOf(api: ZendeskApi, kind: WireKind): SetupKind {
  const { name, list, one, wanted } = kind;
  let latest = new Map<string, Wire>();
  return {
    name,
    wanted,
    present: async () => {
      const listed = await attempt('repeatable', () => listOf(api, list));
      if (listed.result !== 'done') return listed;
      latest = new Map(listed.value.map((each) => [each.id, each]));
      return done(listed.value.map((each) => presentOf(kind, each)));
    },
    create: async ({ fields }) => {
      const more = (await kind.onCreate?.()) ?? done({});
      if (more.result !== 'done') return more;
      const body = { [one]: { ...kind.toWire(fields, undefined), ...more.value } };
      // A second one would be seen: what may have been made is looked for first.
      return attempt('once', async () => (await api.post(z.object({ [one]: wire }), [list], body))[one]!.id);
    },
    change: (id, fields) => {
      const body = { [one]: kind.toWire(fields, latest.get(id)) };
      return attempt('repeatable', () => api[kind.by](anyBody, [list, id], body));
    },
    remove: (id) =>
      attempt(
        'repeatable',
        async (): Promise<unknown> => api.delete([list, id]),
        async ({ status }) => (status === 404 ? done(undefined) : undefined),
      ),
  };
}

async function listOf(api: ZendeskApi, list: string): Promise<Wire[]> {
  const shape = z.looseObject({ meta });
  const found: Wire[] = [];
  for await (const page of pagesOf(api, shape, [list])) found.push(...z.array(wire).parse(page[list]));
  return found;
}

const presentOf = (kind: WireKind, each: Wire): PresentThing => ({
  id: each.id,
  label: kind.labelOf(each),
  fields: kind.fieldsOf(each),
  ...kind.recognise(each),
});

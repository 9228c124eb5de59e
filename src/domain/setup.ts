import type { Outcome } from './outcome.ts';

/** Things at a platform field by field, in a form that compares equal when nothing needs to be done. */
export type SetupFields = Readonly<Record<string, unknown>>;

/** One thing that is wanted at a platform. */
export interface WantedThing {
  /** Ours for ever: by it the thing is found again, whatever it is called by then. */
  key: string;
  /** What people know it by. */
  label: string;
  fields: SetupFields;
}

/** One thing that is there. */
export interface PresentThing {
  id: string;
  label: string;
  /** Which wanted thing it is; absent: somebody else's, which is left as it is. */
  key?: string;
  fields: SetupFields;
  /** Why somebody else's is worth a word. One without is not even shown. */
  note?: string;
}

/** The ids of what is there, by `kind/key`; what is not made yet has none. */
export type SetupIds = ReadonlyMap<string, string>;

/** One kind of thing at a platform: how it is listed, made, changed and taken away. Calls may be repeated. */
export interface SetupKind {
  /** In words, in the singular: `trigger`. */
  name: string;
  wanted(ids: SetupIds): readonly WantedThing[];
  present(): Promise<Outcome<readonly PresentThing[]>>;
  /** Gives its id. `unsure` where it may have been made: it is then looked for by its key. */
  create(thing: WantedThing): Promise<Outcome<string>>;
  /** Sets these fields, and no others. */
  change(id: string, fields: SetupFields): Promise<Outcome<unknown>>;
  /** One that is gone already is no failure. */
  remove(id: string): Promise<Outcome<unknown>>;
}

/** A secret that the platform made up and this service must know. */
export interface SetupSecret<Value> {
  /** Where it belongs: `helpdesks, acme-zendesk: webhookSecret`. */
  place: string;
  value: Value;
  /** Whether the configuration has it already. */
  configured: boolean;
}

/** An id that the platform gave, which this service uses once the configuration names it. */
export interface SetupHint {
  /** The setting as it is to stand there: `helpdesks, acme-zendesk: answerUntilField: 360012345`. */
  setting: string;
  /** What it is good for. */
  what: string;
}

/** All that is set up at one account. Kinds come in the order in which they are made, and are taken away in reverse. */
export interface SetupTarget<Secret> {
  kinds: readonly SetupKind[];
  /** What the configuration must still be told; asked once all is made. */
  secrets?(): Promise<Outcome<readonly SetupSecret<Secret>[]>>;
  /** What the configuration may be told; asked after that. */
  hints?(): readonly SetupHint[];
}

/** What stands between what is there and what is wanted, one thing a line. */
export interface SetupAct {
  act: 'create' | 'change' | 'remove' | 'leave';
  /** `trigger “Passerelle: an agent replied”`. */
  what: string;
  /** What differs, in words. Of something that is taken away nothing is listed. */
  fields: readonly { field?: string; now: string; wanted: string }[];
  /** Why it is left. */
  why?: string;
}

/** A value in words: texts as they are, the rest as JSON with its keys in order. Equal words are equal values. */
export function setupWords(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, inner: unknown) => (isRecord(inner) ? inOrder(inner) : inner));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const inOrder = (record: Record<string, unknown>) =>
  Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, record[key]]),
  );

/** The wanted fields that are otherwise there. */
export const setupDifferences = (now: SetupFields, wanted: SetupFields): string[] =>
  Object.keys(wanted).filter((field) => setupWords(now[field]) !== setupWords(wanted[field]));

import type { z } from 'zod';
import type { ConsentState } from '../domain/consent.ts';
import type { ContactCriterion, ContactObject } from '../domain/contact-match.ts';
import type { Duration } from '../domain/duration.ts';
import type { Finding } from '../domain/finding.ts';
import type { AccountId, ContactId } from '../domain/ids.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Tools } from '../kit/tools.ts';

export interface CrmAccount {
  id: AccountId;
  kind: string;
}

/** One way to recognize a customer: a record of these objects that holds one of the values. */
export interface ContactSearch {
  by: ContactCriterion;
  /** Of `external-id` and `shop-customer`: the field that holds it. */
  field?: string | undefined;
  /** Of a field: case matters. E-mails in small letters, phones in E.164. */
  values: readonly string[];
  objects: readonly ContactObject[];
}

export interface ContactMatch {
  /** What history is tied to: of a converted lead or a person account its contact. */
  id: ContactId;
  object: ContactObject;
  name?: string;
  email?: string;
  /** What found it. */
  by: ContactCriterion | 'duplicate-rule' | 'created';
}

/** The fields of a contact to create, as the CRM names them. */
export type ContactDraft = Record<string, unknown>;

/** A record of a customer who is to be forgotten: by its id, by our key where that may find another, or both. */
export interface RecordToErase {
  object: string;
  id?: string;
  key?: { field: string; value: string };
}

/** A line of history. `key` makes it one record however often it is written. */
export type HistoryEntry =
  | {
      shape: 'task';
      key: string;
      keyField: string;
      /** The record's id at the CRM if an earlier write told it. */
      known?: string;
      contact?: ContactId;
      /** It was tied to a contact before and is to be tied to none. */
      untie?: true;
      subject: string;
      /** Rebuilt whole from the ledger; already within `limits.descriptionLength`. */
      description: string;
      /** Calendar day, `YYYY-MM-DD`. */
      day: string;
      fields: Record<string, unknown>;
    }
  | { shape: 'object'; object: string; key: string; keyField: string; fields: Record<string, unknown> };

/** A field of an object, as the CRM describes it to this service's user. */
export interface CrmField {
  name: string;
  /** The CRM's own word: `string`, `picklist`, `boolean`, `date`, `double`… */
  type: string;
  /** Whether a new record may set it. */
  createable: boolean;
  /** Whether a new record must set it. */
  required: boolean;
  externalId: boolean;
  unique: boolean;
  /** In characters, where it is limited. */
  length?: number;
  /** The values it takes, where it takes no other. */
  options?: string[];
}

export type Recorded =
  | Outcome<{ id?: string }>
  | { result: 'contact-gone' }
  | { result: 'contact-moved'; to: ContactId };

/** What a CRM holds of a consent; `none` is nothing either way: nobody was asked, or a grant was taken away. */
export type HeldState = ConsentState | 'none';

/** One consent as a CRM holds it of a contact. `changedAt` is when its record was last changed, be it for another reason. */
export type HeldConsent = {
  /** Names it for good: a field of a contact, a record, or the key of one we wrote. */
  name: string;
  contact: ContactId;
  state: HeldState;
  /** Since when it stands, as far as the CRM tells. */
  since: Date;
  changedAt: Date;
  /** Where it stands and what, in words; part of the proof. */
  words: string;
} & ({ ours: true } | { ours?: undefined; channel: string; purpose: string });

/** One consent as the CRM is to hold it. The same key is the same record. */
export interface ConsentToHold {
  key: string;
  contact: ContactId;
  channel: string;
  purpose: string;
  state: HeldState;
  since: Date;
  /** How it is known, such as `keyword`. */
  source: string;
}

/** Consents kept at the CRM. Absent where nothing of the kind is configured. */
export interface CrmConsents {
  /** How often to look for changes. */
  readonly every: Duration;
  /** Contacts of which a consent may have changed since the cursor; without one, from now on. */
  changed(cursor: string | undefined): Promise<Outcome<{ contacts: ContactId[]; cursor: string; more: boolean }>>;
  /** What it holds of these contacts, at most 200; consents that nobody ever touched may be left out. */
  of(contacts: readonly ContactId[]): Promise<Outcome<HeldConsent[]>>;
  /** Writes at most 200; told for each by its place, since one may be refused alone. Absent: it is only read. */
  write?(consents: readonly ConsentToHold[]): Promise<Outcome<Outcome<void>[]>>;
  /** Deletes what was written under these keys, and what was made for these contacts; what is gone is done. */
  erase(keys: readonly string[], contacts: readonly string[]): Promise<Outcome<void>>;
}

/** One connected CRM. Keeps its token; made once per process by `Crm.connect`. */
export interface CrmSession {
  /** All matches of the first search that has any, each once; never "the first". One request, however many searches. */
  findContacts(searches: readonly ContactSearch[]): Promise<Outcome<ContactMatch[]>>;
  /**
   * `done` with several matches when the CRM's duplicate rules say it is already there; `evenIfDuplicate` makes it all
   * the same, where the rules let it.
   */
  createContact(
    draft: ContactDraft,
    key?: { field: string; value: string },
    evenIfDuplicate?: boolean,
  ): Promise<Outcome<ContactMatch[]>>;
  /**
   * Idempotent by key. `contact-gone`: the contact it is to be tied to was deleted there. `contact-moved`: it is another
   * record by now (a lead that was converted).
   */
  recordHistory(entry: HistoryEntry): Promise<Recorded>;
  /** Deletes it; one that is gone is done. `never` says why it cannot be. Absent where the CRM has no such thing. */
  eraseRecord?(record: RecordToErase): Promise<Outcome<void>>;
  /** The fields of an object; `done` with undefined where there is no such object, or it may not be seen. */
  describe?(object: string): Promise<Outcome<CrmField[] | undefined>>;
  consents?: CrmConsents;
  recordUrl(id: string): string;
  checkHealth(): Promise<Finding[]>;
}

/** Where contacts and their history live. To add one: a folder here and a line in registry.ts. */
export interface Crm<Account extends CrmAccount = CrmAccount> {
  readonly kind: string;
  readonly label: string;
  readonly account: z.ZodType<Account>;
  readonly limits: { descriptionLength: number; subjectLength: number };
  /** Makes no call and loads no heavy library: that waits for the first use. */
  connect(account: Account, tools: Tools): CrmSession;
}

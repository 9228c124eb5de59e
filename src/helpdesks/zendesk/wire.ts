import { z } from 'zod';

// The parts of Zendesk's answers that are used. Lenient: what is not named here may come and go.

/** Zendesk gives numbers in the API and strings in callbacks. */
export const wireId = z.union([z.number().int(), z.string().regex(/^-?\d+$/)]).transform(String);

export const wireUser = z.object({
  id: wireId.nullable(),
  name: z.string().nullish(),
  role: z.string().nullish(),
  active: z.boolean().nullish(),
  external_id: z.string().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
});
export type WireUser = z.infer<typeof wireUser>;

/** A group, a brand or a form. */
const wireNamed = z.object({
  id: wireId,
  name: z.string().nullish(),
  active: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
});
export type WireNamed = z.infer<typeof wireNamed>;

const wireField = z.object({
  id: wireId,
  key: z.string().nullish(),
  title: z.string().nullish(),
  type: z.string(),
  active: z.boolean().nullish(),
  custom_field_options: z.array(z.object({ value: z.string() })).nullish(),
});
export type WireField = z.infer<typeof wireField>;

export const wireTicket = z.object({
  id: wireId,
  status: z.string(),
  requester_id: wireId.nullish(),
  updated_at: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
  via: z.object({ channel: z.string().nullish() }).nullish(),
});
export type WireTicket = z.infer<typeof wireTicket>;

const wireAttachment = z.object({
  file_name: z.string().nullish(),
  content_type: z.string().nullish(),
  size: z.number().nullish(),
  content_url: z.string().nullish(),
});
export type WireAttachment = z.infer<typeof wireAttachment>;

export const wireComment = z.object({
  id: wireId,
  author_id: wireId,
  public: z.boolean().nullish(),
  body: z.string().nullish(),
  html_body: z.string().nullish(),
  plain_body: z.string().nullish(),
  attachments: z.array(wireAttachment).nullish(),
  created_at: z.string(),
});
export type WireComment = z.infer<typeof wireComment>;

export const wireAudit = z.object({
  events: z.array(z.object({ id: wireId, type: z.string().nullish() })),
  metadata: z.object({ custom: z.unknown() }).nullish(),
});
export type WireAudit = z.infer<typeof wireAudit>;

/** Where a list goes on: cursor pages say `has_more`; the link alone is no sign, it may stay to the end. */
const wireMeta = z.object({ has_more: z.boolean().nullish(), after_cursor: z.string().nullish() }).nullish();

export const groupsBody = z.object({ groups: z.array(wireNamed), meta: wireMeta });
export const brandsBody = z.object({ brands: z.array(wireNamed), meta: wireMeta });
export const formsBody = z.object({ ticket_forms: z.array(wireNamed), meta: wireMeta });
export const ticketFieldsBody = z.object({ ticket_fields: z.array(wireField), meta: wireMeta });
export const userFieldsBody = z.object({ user_fields: z.array(wireField), meta: wireMeta });
export const userBody = z.object({ user: wireUser });
export const identitiesBody = z.object({ identities: z.array(z.object({ id: wireId })) });
export const usersBody = z.object({ users: z.array(wireUser) });
export const ticketBody = z.object({ ticket: wireTicket });
export const ticketsBody = z.object({ tickets: z.array(wireTicket), meta: wireMeta });
export const writtenBody = z.object({ ticket: wireTicket, audit: wireAudit.nullish() });
export const commentsBody = z.object({
  comments: z.array(wireComment),
  users: z.array(wireUser).nullish(),
  meta: wireMeta,
});
export const auditsBody = z.object({ audits: z.array(wireAudit), meta: wireMeta });
export const uploadBody = z.object({ upload: z.object({ token: z.string().min(1) }) });
export const changesBody = z.object({
  // One that cannot be read must not hide the others; without an id it is none of ours.
  tickets: z.array(z.object({ id: wireId }).optional().catch(undefined)),
  after_cursor: z.string().nullish(),
  end_of_stream: z.boolean().nullish(),
});
export const anyBody = z.unknown();

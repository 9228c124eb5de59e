import { z } from 'zod';

/** As the JSON schemas of zendesk/any_channel_json_schemas and the docs have it; what is not named there is refused. */
const id = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/, 'must be ASCII without blanks around it');
const field = z.strictObject({ id: z.union([z.string().min(1).max(255), z.int()]), value: z.unknown() });
const url = z.url({ protocol: /^https?$/ }).max(511);

const resource = z
  .strictObject({
    external_id: id,
    internal_note: z.boolean().optional(),
    message: z.string().min(1).max(65_535),
    html_message: z.string().min(1).max(65_535).optional(),
    parent_id: id.optional(),
    thread_id: id.optional(),
    created_at: z.iso.datetime({ offset: true }),
    author: z.strictObject({
      external_id: id,
      name: z.string().min(1).max(255).optional(),
      image_url: url.optional(),
      locale: z.string().min(1).max(255).optional(),
      fields: z.array(field).max(64).optional(),
    }),
    display_info: z
      .array(z.strictObject({ type: z.string().min(1).max(255), data: z.record(z.string(), z.unknown()) }))
      .max(16)
      .optional(),
    allow_channelback: z.boolean().optional(),
    fields: z.array(field).max(64).optional(),
    file_urls: z.array(url).max(10).optional(),
  })
  .refine((each) => !(each.parent_id && each.thread_id), 'parent_id or thread_id, not both');
export type PushedResource = z.output<typeof resource>;

export const pushShape = z.strictObject({
  instance_push_id: z.string().min(1),
  request_id: z.string().min(1).max(64).optional(),
  external_resources: z.array(resource).min(1).max(256),
});

export const errorShape = z.strictObject({
  instance_push_id: z.string().min(1),
  external_id: id,
  description: z.string().max(511).optional(),
  request_id: z.string().optional(),
});

export const manifestShape = z.strictObject({
  name: z.string().min(1).max(255),
  id: z.string().min(1).max(511),
  version: z.string().min(1).optional(),
  author: z.string().min(1).optional(),
  push_client_id: z.string().min(1).max(128).optional(),
  channelback_files: z.boolean().optional(),
  create_followup_tickets: z.boolean().optional(),
  urls: z.strictObject({
    admin_ui: url,
    pull_url: url.optional(),
    channelback_url: url.optional(),
    clickthrough_url: url.optional(),
    healthcheck_url: url.optional(),
    about_url: url.optional(),
    dashboard_url: url.optional(),
    event_callback_url: url.optional(),
  }),
});
export type Manifest = z.output<typeof manifestShape>;

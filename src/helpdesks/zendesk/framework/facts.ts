/**
 * What the Channel framework takes (Zendesk developer docs, "Channel Framework", "Integration manifest", "Channelback", and the
 * JSON schemas of zendesk/any_channel_json_schemas). Where the two differ, the smaller.
 */
export const limits = {
  resourcesPerPush: 256,
  filesPerResource: 10,
  idLength: 255,
  nameLength: 255,
  metadataLength: 5_000,
  errorLength: 511,
} as const;

/** Ours: a push of more than so many bytes goes in several. */
export const bytesPerPush = 4_000_000;

/**
 * How it goes on after each result of a pushed resource. `halted`: one before it failed, so it was not looked at. `again`: once
 * more alone, for the docs do not say whether it was the resource's own fault; then it is refused. A code that is not here is
 * taken for `again`.
 */
export const codes: Readonly<Record<string, 'done' | 'later' | 'again' | 'never'>> = {
  success: 'done',
  already_imported: 'done',
  halted: 'later',
  processing_error: 'again',
  could_not_locate_parent_external_resource: 'never',
};

/** The `via.channel` of tickets that the framework made. */
export const viaChannel = 'any_channel';

/** Events that tell which comment a resource became. */
export const toldBy: ReadonlySet<string> = new Set([
  'comment_on_new_ticket',
  'comment_on_existing_ticket',
  'comment_on_follow_up_ticket',
  'external_id_associated_with_channelback',
]);

/**
 * What a channelback is answered that cannot be taken. Not 401, by which Zendesk takes the whole integration account out of
 * service, nor 503, after which it asks again: the agent is to see that the reply did not go.
 */
export const refusedStatus = 422;

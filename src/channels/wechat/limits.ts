import { days, hours } from '../../domain/duration.ts';
import type { Limits } from '../channel.ts';

/**
 * "Customer service messages": 5 within 48 hours of what the customer wrote; but only 3 within a minute of following, a tap in
 * the menu or a scan, where WeChat refuses earlier than is reckoned here. Older pages say 20. Length and choices are
 * (unverified).
 */
export const limits = {
  textLength: 2048,
  textUnit: 'utf8-bytes',
  // What WeChat has no form for goes as a link, so that only this service's own limits count.
  attachmentBytes: 50_000_000,
  window: hours(48),
  messagesPerWindow: 5,
  choices: { most: 10, titleLength: 30 },
} satisfies Limits;

/** (unverified) What is hidden in a choice. */
export const choiceIdLength = 64;

/** "Temporary media", in bytes by the kind that content types become; WeChat takes no other content types. */
export const mediaKinds = {
  image: { contentTypes: ['image/jpeg', 'image/png', 'image/gif'], bytes: 10_000_000 },
  voice: { contentTypes: ['audio/amr', 'audio/mpeg', 'audio/mp3'], bytes: 2_000_000 },
  video: { contentTypes: ['video/mp4'], bytes: 10_000_000 },
} as const;

/** "Template messages": of `client_msg_id`, under which WeChat takes a message once for a while (unverified). */
export const clientIdLength = 32;

/** How long what goes as a link stays fetchable: customers open it long after it was sent. */
export const linksHold = days(30);

/** An article of a message, in bytes (unverified: what passive replies take). */
export const newsBytes = { title: 128, description: 512 };

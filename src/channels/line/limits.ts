import { days, minutes, seconds } from '../../domain/duration.ts';
import type { Limits } from '../channel.ts';

/**
 * Messaging API reference, "Text message", "Image message", "Video message", "Audio message", "Quick reply". There is no
 * window: a business may always push, as long as the plan has messages left.
 */
export const limits = {
  textLength: 5000,
  // The largest video; what LINE does not show goes as a link.
  attachmentBytes: 200_000_000,
  choices: { most: 13, titleLength: 20 },
} satisfies Limits;

/** Bytes ("Image message": original and preview; "Video message", "Audio message"). */
export const largestFile = { image: 10_000_000, preview: 1_000_000, video: 200_000_000, audio: 200_000_000 };

/** "Buttons template" without title and image: it stays in the chat, unlike quick replies. */
export const buttons = { most: 4, textLength: 160 };

/** "Flex Message": `altText` in UTF-16 units, a bubble in bytes of its JSON; lines of a receipt that still are read. */
export const flex = { altText: 400, bubbleBytes: 30_000, lines: 30 };

/** "Action objects": UTF-16 units. */
export const action = { data: 300, displayText: 300, uri: 1000 };

/** "Send reply message": a token holds for about a minute; one delivered again, for up to 20 minutes after the event. */
export const replyToken = { holds: minutes(1), holdsAtMost: minutes(20) };

/** How long what LINE fetches stays fetchable: customers open pictures and links long after they were sent. */
export const linksHold = days(30);

/** "Display a loading animation": a multiple of 5 seconds; it ends by itself when the message comes. */
export const typingShown = seconds(5);

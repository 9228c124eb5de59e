import { replyToken as lasts } from './limits.ts';
import type { Item } from './wire.ts';

/** The event's reply token, which makes one answer free of charge; none while another module has the chat. */
export function answerTokenOf({ replyToken, standby, at, again }: Item): {
  answerToken?: { token: string; until: Date };
} {
  if (replyToken === undefined || standby) return {};
  // Delivered again, it counts from the delivery, which the event does not tell; LINE refuses it where it has ended.
  const until = new Date(at.getTime() + (again ? lasts.holdsAtMost : lasts.holds));
  return { answerToken: { token: replyToken, until } };
}

const hour = 3600000;

/** `Messenger=24, WhatsApp=24` as hours by channel; what is no number, or none above 0, sets no limit. */
export function windowsIn(text) {
  const pairs = (text ?? '').split(',').map((pair) => pair.split('=').map((part) => part.trim()));
  return new Map(pairs.filter(([name, hours]) => name && Number(hours) > 0).map(([name, hours]) => [name, Number(hours)]));
}

/** The conversations in what was said, the one that was spoken in last first; each with its messages, oldest first. */
export function conversationsIn(said) {
  const all = new Map();
  for (const message of said) {
    const id = message.conversation || message.channel || '';
    if (!all.has(id)) all.set(id, { id, channel: message.channel || '', said: [] });
    all.get(id).said.push(message);
  }
  const conversations = [...all.values()];
  for (const { said: own } of conversations) own.sort((a, b) => timeOf(a) - timeOf(b));
  return conversations.sort((a, b) => timeOf(b.said.at(-1)) - timeOf(a.said.at(-1)));
}

const timeOf = ({ sentAt }) => Date.parse(sentAt ?? '') || 0;

/**
 * Until when an answer reaches the customer: `none` where the channel has no limit, `unknown` where the customer has not written
 * in what is shown, `open`, `closing` (the last two hours) or `closed`; with the end, and the minutes left.
 */
export function windowOf({ channel, said }, windows, now) {
  const hours = windows.get(channel);
  if (hours === undefined) return { state: 'none' };
  const last = said.filter(({ direction }) => direction === 'in').at(-1);
  if (!last || timeOf(last) === 0) return { state: 'unknown' };
  const until = timeOf(last) + hours * hour;
  const left = until - now;
  if (left <= 0) return { state: 'closed', until };
  return { state: left <= 2 * hour ? 'closing' : 'open', until, minutesLeft: Math.ceil(left / 60000) };
}

/** Messages with a heading before the first of each day. */
export function daysIn(said, dayOf) {
  let last;
  return said.map((message) => {
    const day = message.sentAt ? dayOf(new Date(message.sentAt)) : '';
    const heading = day !== last ? day : undefined;
    last = day;
    return { ...message, heading };
  });
}

/** An address that may be opened; what is none of the web is not. */
export function webAddress(url) {
  try {
    return /^https?:$/.test(new URL(url).protocol) ? url : undefined;
  } catch {
    return undefined;
  }
}

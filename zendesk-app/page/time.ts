const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `2 d 5 h`, `5 h 12 min`, `12 min 5 s`: two steps, so that something moves when little is left. */
export function lengthInWords(ms: number, locale: string): string {
  const d = locale.startsWith('fr') ? 'j' : 'd';
  if (ms >= day) return `${Math.floor(ms / day)} ${d} ${Math.floor((ms % day) / hour)} h`;
  if (ms >= hour) return `${Math.floor(ms / hour)} h ${Math.floor((ms % hour) / minute)} min`;
  return `${Math.floor(ms / minute)} min ${Math.floor((ms % minute) / 1_000)} s`;
}

/** A moment as the agent's language has it: the time today, else with the day. */
export function momentInWords(iso: string, locale: string, now = new Date()): string {
  const at = new Date(iso);
  const today = at.toDateString() === now.toDateString();
  const time = { hour: '2-digit', minute: '2-digit' } as const;
  const shown = today ? time : { day: 'numeric' as const, month: 'short' as const, ...time };
  return new Intl.DateTimeFormat(locale, shown).format(at);
}

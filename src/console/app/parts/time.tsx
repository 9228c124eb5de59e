import { Text, Tooltip } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { Language } from '../words/catalogue.ts';
import { useLanguage } from '../words/language.tsx';

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

/** As people say it: “3 minutes ago”, “in 2 hours”. */
export function sayAgo(at: Date, now: Date, language: Language): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1_000);
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

export const sayMoment = (at: Date, language: Language): string =>
  at.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'medium' });

/** How long something takes: 12 s, 5 min, 3 h, 2 d. */
export function sayLength(ms: number, language: Language): string {
  const say = (n: number, unit: string) =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit,
      unitDisplay: 'short',
      maximumFractionDigits: n < 10 ? 1 : 0,
    }).format(n);
  const seconds = ms / 1_000;
  if (seconds < 1) return say(Math.round(ms), 'millisecond');
  if (seconds < 60) return say(seconds, 'second');
  if (seconds < 3_600) return say(seconds / 60, 'minute');
  return seconds < 172_800 ? say(seconds / 3_600, 'hour') : say(seconds / 86_400, 'day');
}

/** A moment, as how long ago it was; the exact time when pointed at, and for screen readers. */
export function Ago({ at }: { at: string }) {
  const { language } = useLanguage();
  const now = useNow(30_000);
  const date = new Date(at);
  return (
    <Tooltip label={sayMoment(date, language)}>
      <Text component="time" inherit dateTime={at}>
        {sayAgo(date, now, language)}
      </Text>
    </Tooltip>
  );
}

/** The time, anew every so many milliseconds. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

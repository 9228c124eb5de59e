import { Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

const places = [
  ['/notices', 'title'],
  ['/notices/orders', 'orders'],
  ['/notices/texts', 'texts'],
] as const;

/** The three lists of the area. */
export function NoticesNav() {
  const t = useWords(words);
  return (
    <Group component="nav" aria-label={t('nav')} gap="lg">
      {places.map(([to, name]) => (
        <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }} className="tab-link">
          {t(name)}
        </Link>
      ))}
    </Group>
  );
}

import { Code, VisuallyHidden } from '@mantine/core';
import { useWords } from '../../words/language.tsx';
import { words } from './words.ts';

const looks = {
  '-': { background: 'var(--mantine-color-red-light)' },
  '+': { background: 'var(--mantine-color-teal-light)' },
} as const;

/** Lines that begin with ` `, `-` or `+`; screen readers are told in words. */
export function Diff({ lines, label }: { lines: readonly string[]; label: string }) {
  const t = useWords(words);
  return (
    <Code
      block
      tabIndex={0}
      role="region"
      aria-label={label}
      style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
    >
      {Object.entries(lines).map(([n, line]) => {
        const sign = line.startsWith('-') ? '-' : line.startsWith('+') ? '+' : ' ';
        return (
          <div key={n} style={sign === ' ' ? undefined : looks[sign]}>
            {sign !== ' ' && <VisuallyHidden>{t(sign === '-' ? 'was' : 'would')}: </VisuallyHidden>}
            {line}
          </div>
        );
      })}
    </Code>
  );
}

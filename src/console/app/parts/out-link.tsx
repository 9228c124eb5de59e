import { Anchor, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from './icon.tsx';

/** Leads out of the console, to a window of its own; `label` says so to screen readers. */
export function OutLink({ href, label, children }: { href: string; label: string; children: ReactNode }) {
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" size="sm" aria-label={label}>
      <Group gap={4} component="span" wrap="nowrap" display="inline-flex">
        {children} <Icon name="external" size={14} />
      </Group>
    </Anchor>
  );
}

import { Button, Collapse } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';

/** Something that is shown when one asks for it. */
export function Details({ label, children }: { label: string; children: ReactNode }) {
  const [opened, { toggle }] = useDisclosure();
  const id = useId();
  return (
    <div>
      <Button variant="subtle" size="compact-xs" onClick={toggle} aria-expanded={opened} aria-controls={id}>
        {label}
      </Button>
      <Collapse id={id} expanded={opened}>
        {opened && children}
      </Collapse>
    </div>
  );
}

import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';

/** Something a person should look at. Black on pale orange can be read in the light and in the dark. */
export function Attention({ children }: { children: ReactNode }) {
  return (
    <Badge size="sm" color="orange.2" c="black" tt="none">
      {children}
    </Badge>
  );
}

import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** Leads to the page above; unlike a plain link it never counts as the page that is shown. */
export const Back = ({ to, children }: { to: string; children: ReactNode }) => (
  <Anchor component={Link} to={to} activeOptions={{ exact: true }} size="sm">
    {children}
  </Anchor>
);

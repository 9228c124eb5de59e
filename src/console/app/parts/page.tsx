import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Passerelle`;
  }, [title]);
}

interface PageProps {
  title: string;
  /** A sentence on what the page is for. */
  about?: ReactNode;
  /** Buttons and choices for the whole page. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of each page: its heading, what it is for, what can be done. */
export function Page({ title, about, actions, children }: PageProps) {
  useDocumentTitle(title);
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end" gap="sm">
        <Stack gap={4}>
          <Title order={1} size="h2">
            {title}
          </Title>
          {about && (
            <Text component="div" size="sm" c="dimmed" maw={720}>
              {about}
            </Text>
          )}
        </Stack>
        {actions && <Group gap="sm">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}

import { Alert, Button, Center, Group, Loader, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApiError, unreachable } from '../api/client.ts';
import { useWords } from '../words/language.tsx';
import { Icon, type IconName } from './icon.tsx';
import { words } from './words.ts';

export function Loading() {
  const t = useWords(words);
  return (
    <Center mih={200} role="status">
      <Loader size="sm" aria-hidden />
      <VisuallyHidden>{t('loading')}</VisuallyHidden>
    </Center>
  );
}

/** Why something could not be loaded, and a way to try again. */
export function Failed({ error, again }: { error: Error; again?: () => void }) {
  const t = useWords(words);
  const status = error instanceof ApiError ? error.status : undefined;
  const why = status === unreachable ? t('unreachable') : status === 403 ? t('forbidden') : error.message;
  return (
    <Alert color="red" variant="light" title={t('failed')} icon={<Icon name="warning" />} role="alert">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{why}</Text>
        {again && status !== 403 && (
          <Button size="xs" variant="default" onClick={again}>
            {t('again')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Nothing is there: says why that is, and what one can do. */
export function Empty({ title, children, icon = 'empty' }: { title: string; children?: ReactNode; icon?: IconName }) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md" ta="center">
      <Text c="dimmed">
        <Icon name={icon} size={36} />
      </Text>
      <Text fw={600}>{title}</Text>
      {children && (
        <Text component="div" size="sm" c="dimmed" maw={460}>
          {children}
        </Text>
      )}
    </Stack>
  );
}

interface Found<Data> {
  data: Data | undefined;
  error: Error | null;
  isPending: boolean;
  refetch(): unknown;
}

/** Shows what was asked, or that it is on its way, or why it did not come. */
export function Shown<Data>({ of, children }: { of: Found<Data>; children: (data: Data) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error) return <Failed error={of.error} again={() => void of.refetch()} />;
  return <Loading />;
}

/** At the end of a list of pages. */
export function More({ hasNextPage, isFetchingNextPage, fetchNextPage }: MoreProps) {
  const t = useWords(words);
  if (!hasNextPage) return null;
  return (
    <Group justify="center" mt="md">
      <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {t('more')}
      </Button>
    </Group>
  );
}

interface MoreProps {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): unknown;
}

export function NotFound() {
  const t = useWords(words);
  return (
    <Empty title={t('notFound')}>
      <p>{t('notFoundMore')}</p>
      <Link to="/">{t('toStart')}</Link>
    </Empty>
  );
}

/** The page itself broke, or its code could not be fetched: after an update of the service, loading anew helps. */
export function PageFailed({ error }: { error: Error }) {
  const t = useWords(words);
  return (
    <Stack align="center" py="xl">
      <Title order={2} size="h4">
        {t('pageFailed')}
      </Title>
      <Text size="sm" c="dimmed">
        {error.message}
      </Text>
      <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
    </Stack>
  );
}

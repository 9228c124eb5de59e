import { Alert, Button, Center, Divider, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { SignedIn, SignInWays } from '../../wire/session.ts';
import { act, ask } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Icon } from '../parts/icon.tsx';
import { useDocumentTitle } from '../parts/page.tsx';
import { useUrlState } from '../parts/url-state.ts';
import { useWords } from '../words/language.tsx';
import { LanguageChoice } from './preferences.tsx';
import { words } from './words.ts';

/** The way in. */
export function SignIn() {
  const t = useWords(words);
  // The company's own sign-in sends the browser back with the reason.
  const [refused] = useUrlState('refused');
  useDocumentTitle(t('signIn'));
  const ways = useQuery({
    queryKey: ['ways'],
    queryFn: () => ask<SignInWays>('/ways'),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper withBorder shadow="sm" p="xl" w="100%" maw={420} radius="lg">
        <Stack>
          <Title order={1} size="h3" ta="center">
            {t('signInTitle')}
          </Title>
          {refused && <Refusal why={refused} />}
          {ways.data?.oidc && (
            <>
              <Button component="a" href="/console/api/oidc" variant="default" fullWidth>
                {ways.data.oidc}
              </Button>
              <Divider label={t('or')} />
            </>
          )}
          <PasswordForm />
          <LanguageChoice />
        </Stack>
      </Paper>
    </Center>
  );
}

const Refusal = ({ why }: { why: string }) => (
  <Alert color="red" variant="light" role="alert" icon={<Icon name="warning" />}>
    {why}
  </Alert>
);

function PasswordForm() {
  const t = useWords(words);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => act<SignedIn>('POST', '/session', { email, password }),
    onSuccess: (person) => queries.setQueryData(['session'], person),
    onError: () => setPassword(''),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {signIn.error && <Refusal why={signIn.error.message} />}
        <TextInput
          label={t('email')}
          type="email"
          name="email"
          autoComplete="username"
          required
          withAsterisk={false}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label={t('password')}
          name="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={signIn.isPending} fullWidth>
          {t('signIn')}
        </Button>
        <Text size="xs" c="dimmed">
          {t('forgotten', { address: email || 'you@acme.example' })}
        </Text>
      </Stack>
    </form>
  );
}

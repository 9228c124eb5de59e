import { Center } from '@mantine/core';
import { useSession } from '../api/session.ts';
import { Failed, Loading } from '../parts/states.tsx';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';

/** The way in, or the pages, whichever is due. */
export function Frame() {
  const session = useSession();
  if (session.isPending) return <Loading />;
  if (session.isError)
    return (
      <Center mih="100vh" p="md">
        <Failed error={session.error} again={() => void session.refetch()} />
      </Center>
    );
  return session.data ? <Shell person={session.data} /> : <SignIn />;
}

import { useQuery } from '@tanstack/react-query';
import type { Permission } from '../../../domain/console-role.ts';
import type { SignedIn } from '../../wire/session.ts';
import { ApiError, ask } from './client.ts';

/** Whoever is signed in; null when nobody is. */
export const useSession = () =>
  useQuery({
    queryKey: ['session'],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      ask<SignedIn>('/session', {}, signal).catch((error: Error) => {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }),
  });

/** Whether whoever is signed in may do something; the service checks it again. */
export function useMay(): (permission: Permission) => boolean {
  const { data } = useSession();
  return (permission) => data?.may.includes(permission) ?? false;
}

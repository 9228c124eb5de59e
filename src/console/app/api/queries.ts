import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiError } from './client.ts';

/** What was asked, kept for a while. A 401 anywhere means that nobody is signed in any more. */
export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      if (error instanceof ApiError && error.status === 401 && query.queryKey[0] !== 'session') signedOut();
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

/** Forgets all that was asked, and shows the way in. */
export function signedOut(): void {
  queries.setQueryData(['session'], null);
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}

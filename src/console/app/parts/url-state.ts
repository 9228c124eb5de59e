import { useNavigate, useSearch } from '@tanstack/react-router';

/** A choice kept in the page's address, so that it can be shared and survives a reload. `fallback` is not written there. */
export function useUrlState(name: string, fallback = ''): [string, (value: string) => void] {
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>;
  const navigate = useNavigate();
  const given = search[name];
  const set = (value: string) =>
    void navigate({
      to: '.',
      replace: true,
      search: ((before: Record<string, unknown>) => ({
        ...before,
        [name]: value === fallback ? undefined : value,
      })) as never,
    });
  return [given === undefined || given === null ? fallback : String(given), set];
}
